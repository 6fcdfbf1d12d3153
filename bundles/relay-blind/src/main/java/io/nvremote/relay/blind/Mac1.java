// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * WireGuard's mac1 for one recipient (whitepaper section 5.4.4): says whether a handshake message is meant for the owner
 * of a public key. Immutable.
 */
final class Mac1 {

    private static final byte[] LABEL = "mac1----".getBytes(StandardCharsets.US_ASCII);

    private final int[] keyed;

    private Mac1(int[] keyed) {
        this.keyed = keyed;
    }

    /** For a checked public key of 44 characters. */
    static Mac1 of(String publicKey) {
        byte[] key = Base64.getDecoder().decode(publicKey);
        byte[] labelled = ByteBuffer.allocate(LABEL.length + key.length)
                .put(LABEL)
                .put(key)
                .array();
        Blake2s blake = new Blake2s();
        return new Mac1(blake.keyed(blake.digest(labelled)));
    }

    /** Whether the 16 bytes after the first {@code length} of the message are its mac1. Compares in constant time. */
    boolean matches(Blake2s blake, ByteBuffer message, int length) {
        int at = message.position();
        int[] tag = blake.tag(keyed, message, at, length);
        int difference = 0;
        for (int i = 0; i < 4; i++) {
            difference |= tag[i] ^ WireguardMessage.littleInt(message, at + length + 4 * i);
        }
        return difference == 0;
    }

    /** Writes the tag where {@link #matches} looks for it: for tests that play a peer. */
    void write(Blake2s blake, ByteBuffer message, int length) {
        int at = message.position();
        int[] tag = blake.tag(keyed, message, at, length);
        for (int i = 0; i < 4; i++) {
            message.putInt(at + length + 4 * i, Integer.reverseBytes(tag[i]));
        }
    }
}
