// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * BLAKE2s (RFC 7693), cut to what mac1 needs, with working memory of its own so that a check allocates nothing. One
 * thread.
 */
final class Blake2s {

    private static final int BLOCK = 64;
    private static final int[] IV = {
        0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19
    };
    private static final byte[][] SIGMA = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
        {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
        {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
        {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
        {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
        {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
        {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
        {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
        {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
        {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}
    };

    private final int[] state = new int[8];
    private final int[] work = new int[16];
    private final int[] words = new int[16];

    /** The plain 32-byte digest of at most 64 bytes. */
    byte[] digest(byte[] input) {
        System.arraycopy(IV, 0, state, 0, 8);
        state[0] ^= 0x01010000 ^ 32;
        load(ByteBuffer.wrap(input), 0, input.length);
        compress(input.length, true);
        ByteBuffer out = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        out.asIntBuffer().put(state);
        byte[] digest = new byte[32];
        out.get(digest);
        return digest;
    }

    /** The state after the block that holds a 32-byte key, for 16-byte tags: what {@link #tag} goes on from. */
    int[] keyed(byte[] key) {
        System.arraycopy(IV, 0, state, 0, 8);
        state[0] ^= 0x01010000 ^ (32 << 8) ^ 16;
        load(ByteBuffer.wrap(key), 0, key.length);
        compress(BLOCK, false);
        return state.clone();
    }

    /** The 16-byte tag over {@code length} (at least 1) bytes from absolute position {@code at}, as four words. */
    int[] tag(int[] keyed, ByteBuffer in, int at, int length) {
        System.arraycopy(keyed, 0, state, 0, 8);
        int done = 0;
        while (length - done > BLOCK) {
            load(in, at + done, BLOCK);
            done += BLOCK;
            compress(BLOCK + done, false);
        }
        load(in, at + done, length - done);
        compress(BLOCK + length, true);
        return state;
    }

    private void load(ByteBuffer in, int at, int length) {
        Arrays.fill(words, 0);
        for (int i = 0; i < length; i++) {
            words[i >> 2] |= (in.get(at + i) & 0xFF) << ((i & 3) << 3);
        }
    }

    private void compress(int counter, boolean last) {
        int[] v = work;
        System.arraycopy(state, 0, v, 0, 8);
        System.arraycopy(IV, 0, v, 8, 8);
        v[12] ^= counter;
        if (last) {
            v[14] = ~v[14];
        }
        for (byte[] s : SIGMA) {
            mix(v, 0, 4, 8, 12, words[s[0]], words[s[1]]);
            mix(v, 1, 5, 9, 13, words[s[2]], words[s[3]]);
            mix(v, 2, 6, 10, 14, words[s[4]], words[s[5]]);
            mix(v, 3, 7, 11, 15, words[s[6]], words[s[7]]);
            mix(v, 0, 5, 10, 15, words[s[8]], words[s[9]]);
            mix(v, 1, 6, 11, 12, words[s[10]], words[s[11]]);
            mix(v, 2, 7, 8, 13, words[s[12]], words[s[13]]);
            mix(v, 3, 4, 9, 14, words[s[14]], words[s[15]]);
        }
        for (int i = 0; i < 8; i++) {
            state[i] ^= v[i] ^ v[i + 8];
        }
    }

    @SuppressWarnings("ParameterNumber")
    private static void mix(int[] v, int a, int b, int c, int d, int x, int y) {
        v[a] += v[b] + x;
        v[d] = Integer.rotateRight(v[d] ^ v[a], 16);
        v[c] += v[d];
        v[b] = Integer.rotateRight(v[b] ^ v[c], 12);
        v[a] += v[b] + y;
        v[d] = Integer.rotateRight(v[d] ^ v[a], 8);
        v[c] += v[d];
        v[b] = Integer.rotateRight(v[b] ^ v[c], 7);
    }
}
