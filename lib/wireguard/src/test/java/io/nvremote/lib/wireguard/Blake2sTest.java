// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Blake2sTest {

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    /** The deterministic sequence of RFC 7693 appendix E. */
    private static byte[] sequence(int length, int seed) {
        byte[] out = new byte[length];
        int a = 0xDEAD4BAD * seed;
        int b = 1;
        for (int i = 0; i < length; i++) {
            int t = a + b;
            a = b;
            b = t;
            out[i] = (byte) (t >>> 24);
        }
        return out;
    }

    @Test
    void blake2s_agrees_with_rfc_7693() {
        assertThat(Blake2s.hash("abc".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(hex("508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"));
        Blake2s all = new Blake2s(32, new byte[0]);
        for (int out : new int[] {16, 20, 28, 32}) {
            for (int in : new int[] {0, 3, 64, 65, 255, 1024}) {
                byte[] message = sequence(in, in);
                all.update(new Blake2s(out, new byte[0]).update(message).finish());
                all.update(new Blake2s(out, sequence(out, out)).update(message).finish());
            }
        }
        assertThat(all.finish()).isEqualTo(hex("6a411f08ce25adcdfb02aba641451cec53c598b24f4fc787fbdc88797f4c1dfe"));
    }

    @Test
    void keyed_blake2s_agrees_with_the_reference_vectors() {
        assertThat(new Blake2s(32, counting(32)).finish())
                .isEqualTo(hex("48a8997da407876b3d79c0d92325ad3b89cbb754d86ab71aee047ad345fd2c49"));
        assertThat(new Blake2s(32, counting(32)).update(counting(255)).finish())
                .isEqualTo(hex("3fb735061abc519dfe979e54c1ee5bfad0a9d858b3315bad34bde999efd724dd"));
    }
}
