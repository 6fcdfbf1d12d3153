// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.tunnel.TunnelError;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The primitives against numbers that others published. */
class CryptoTest {

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

    @Test
    void the_handshake_begins_with_the_published_constants() {
        assertThat(NoiseState.INITIAL_CHAIN)
                .isEqualTo(hex("60e26daef327efc02ec335e2a025d2d016eb4206f87277f52d38d1988b78cd36"));
        assertThat(NoiseState.INITIAL_HASH)
                .isEqualTo(hex("2211b361081ac566691243db458ad5322d9c6c662293e8b70ee19c65ba079ef3"));
    }

    @Test
    void x25519_agrees_with_rfc_7748_and_refuses_small_order() {
        byte[] scalar = hex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
        byte[] point = hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");

        assertThat(Curve25519.shared(scalar, point))
                .isEqualTo(hex("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"));
        assertThatThrownBy(() -> Curve25519.shared(scalar, new byte[32]))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(TunnelError.BAD_KEY));
    }

    @Test
    void hchacha_and_xchacha_agree_with_the_draft() {
        assertThat(XChaCha.subkey(counting(32), hex("000000090000004a00000000314159270000000000000000")))
                .isEqualTo(hex("82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc"));
        byte[] key = new byte[32];
        byte[] nonce = new byte[24];
        for (int i = 0; i < 32; i++) {
            key[i] = (byte) (0x80 + i);
            nonce[i % 24] = (byte) (0x40 + i % 24);
        }
        byte[] plain = ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future,"
                        + " sunscreen would be it.")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] data = hex("50515253c0c1c2c3c4c5c6c7");
        byte[] sealed = XChaCha.seal(key.clone(), nonce, plain, data);
        assertThat(Arrays.copyOf(sealed, 16)).isEqualTo(hex("bd6d179d3e83d43b9576579493c0e939"));
        assertThat(Arrays.copyOfRange(sealed, plain.length, sealed.length))
                .isEqualTo(hex("c0875924c1c7987947deafd8780acf49"));

        byte[] opened = new byte[plain.length];
        assertThat(XChaCha.open(key.clone(), nonce, sealed, data, opened)).isTrue();
        assertThat(opened).isEqualTo(plain);
        sealed[3] ^= 1;
        assertThat(XChaCha.open(key.clone(), nonce, sealed, data, opened)).isFalse();
    }

    @Test
    void a_forged_packet_does_not_use_up_its_counter() {
        Aead sealer = Aead.sealing(counting(32)).nonce(7);
        byte[] sealed = new byte[48];
        int length = sealer.seal(new byte[32], 0, 32, Aead.NO_DATA, sealed, 0);
        byte[] forged = sealed.clone();
        forged[0] ^= 1;
        Aead opener = Aead.opening(counting(32));

        assertThat(opener.nonce(7).open(forged, 0, length, Aead.NO_DATA, new byte[64], 0))
                .isEqualTo(Aead.FORGED);
        assertThat(opener.nonce(7).open(sealed, 0, length, Aead.NO_DATA, new byte[64], 0))
                .isEqualTo(32);
    }

    @Test
    void a_wiped_key_opens_nothing() {
        byte[] key = counting(32);
        Aead aead = Aead.sealing(key);
        aead.nonce(1).seal(new byte[16], 0, 16, Aead.NO_DATA, new byte[64], 0);
        aead.wipe();
        assertThat(key).containsOnly(0);
    }

    @Test
    void the_replay_window_takes_each_counter_once_and_late_ones_too() {
        ReplayWindow window = new ReplayWindow();
        assertThat(window.mark(0)).isTrue();
        assertThat(window.mark(0)).isFalse();
        assertThat(window.mark(5000)).isTrue();
        assertThat(window.mark(4999)).isTrue();
        assertThat(window.mark(1)).isTrue();
        assertThat(window.mark(1)).isFalse();
        assertThat(window.mark(100_000)).isTrue();
        assertThat(window.mark(5001)).as("far behind").isFalse();
        assertThat(window.mark(100_000 - ReplayWindow.SIZE)).as("just outside").isFalse();
        assertThat(window.mark(100_000 - ReplayWindow.SIZE + 1))
                .as("just inside")
                .isTrue();
        for (long counter = 100_001; counter < 130_000; counter++) {
            assertThat(window.mark(counter)).isTrue();
            assertThat(window.mark(counter)).isFalse();
        }
        assertThat(window.isNew(129_000)).isFalse();
        assertThat(window.isNew(131_000)).isTrue();
    }
}
