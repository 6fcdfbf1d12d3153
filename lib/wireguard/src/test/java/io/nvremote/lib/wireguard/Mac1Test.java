// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Expected values: RFC 7693 appendix B, and Python's hashlib.blake2s for the rest. */
class Mac1Test {

    private static byte[] rising(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static final Mac1 MAC = Mac1.of(rising(32));

    @Test
    void the_digest_is_that_of_the_rfc() {
        assertThat(Blake2s.hash("abc".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(HexFormat.of().parseHex("508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"));
        assertThat(Blake2s.hash(rising(64)))
                .isEqualTo(HexFormat.of().parseHex("56f34e8b96557e90c1f24b52d0c89d51086acf1b00f634cf1dde9233b8eaaa3e"));
    }

    @Test
    void the_tags_of_both_handshake_messages_are_right() {
        assertTag(116, "3a7d1b865f062f4af4677f1d88d7ea74");
        assertTag(60, "8005f0ec509ede69d81a48d2b1b6977c");
    }

    private static void assertTag(int length, String expected) {
        byte[] message = new byte[length + 32];
        System.arraycopy(rising(length), 0, message, 0, length);
        System.arraycopy(HexFormat.of().parseHex(expected), 0, message, length, 16);
        assertThat(MAC.matches(new Mac1.Scratch(), ByteBuffer.wrap(message), length))
                .isTrue();

        for (int i = 0; i < length + 16; i++) {
            message[i] ^= 1;
            assertThat(MAC.matches(new Mac1.Scratch(), ByteBuffer.wrap(message), length))
                    .as("byte %d", i)
                    .isFalse();
            message[i] ^= 1;
        }

        byte[] written = message.clone();
        Arrays.fill(written, length, length + 16, (byte) 0);
        MAC.write(new Mac1.Scratch(), ByteBuffer.wrap(written), length);
        assertThat(written).isEqualTo(message);
    }
}
