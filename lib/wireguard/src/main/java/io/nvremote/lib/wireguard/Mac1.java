// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.wireguard;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * WireGuard's mac1 for one recipient (whitepaper section 5.4.4): says whether a handshake message is meant for the owner
 * of a public key, which is all it says. Immutable.
 */
public final class Mac1 {

    private static final byte[] LABEL = "mac1----".getBytes(StandardCharsets.US_ASCII);
    private static final int LENGTH = 16;

    /** The state after the block that holds the key: each tag goes on from there. */
    private final int[] keyed;

    private Mac1(int[] keyed) {
        this.keyed = keyed;
    }

    /** The key of the MAC: HASH("mac1----" || public key of the recipient). */
    public static byte[] key(byte[] publicKey) {
        return Blake2s.hash(LABEL, publicKey);
    }

    /** For a public key of 32 bytes. */
    public static Mac1 of(byte[] publicKey) {
        byte[] key = key(publicKey);
        int[] state = Compression.start();
        state[0] ^= Compression.parameters(LENGTH, key.length);
        Compression compression = new Compression();
        load(compression, ByteBuffer.wrap(key), 0, key.length);
        compression.apply(state, Compression.BLOCK, false);
        return new Mac1(state);
    }

    /** Whether the 16 bytes after the first {@code length} of the message are its mac1. Compares in constant time. */
    public boolean matches(Scratch scratch, ByteBuffer message, int length) {
        int at = message.position();
        int[] tag = scratch.tag(keyed, message, at, length);
        int difference = 0;
        for (int i = 0; i < 4; i++) {
            difference |= tag[i] ^ littleInt(message, at + length + 4 * i);
        }
        return difference == 0;
    }

    /** Writes the tag where {@link #matches} looks for it. */
    public void write(Scratch scratch, ByteBuffer message, int length) {
        int at = message.position();
        int[] tag = scratch.tag(keyed, message, at, length);
        for (int i = 0; i < LENGTH; i++) {
            message.put(at + length + i, (byte) (tag[i >> 2] >>> (8 * (i & 3))));
        }
    }

    /** Working memory, so that a check allocates nothing. One thread. */
    public static final class Scratch {

        private final int[] state = new int[8];
        private final Compression compression = new Compression();

        /** The tag over {@code length} (at least 1) bytes from absolute position {@code at}, as four words. */
        private int[] tag(int[] keyed, ByteBuffer in, int at, int length) {
            System.arraycopy(keyed, 0, state, 0, 8);
            int done = 0;
            while (length - done > Compression.BLOCK) {
                load(compression, in, at + done, Compression.BLOCK);
                done += Compression.BLOCK;
                compression.apply(state, Compression.BLOCK + done, false);
            }
            load(compression, in, at + done, length - done);
            compression.apply(state, Compression.BLOCK + length, true);
            return state;
        }
    }

    private static void load(Compression compression, ByteBuffer in, int at, int length) {
        int[] words = compression.words;
        Arrays.fill(words, 0);
        for (int i = 0; i < length; i++) {
            words[i >> 2] |= (in.get(at + i) & 0xFF) << ((i & 3) << 3);
        }
    }

    private static int littleInt(ByteBuffer in, int at) {
        return (in.get(at) & 0xFF)
                | (in.get(at + 1) & 0xFF) << 8
                | (in.get(at + 2) & 0xFF) << 16
                | in.get(at + 3) << 24;
    }
}
