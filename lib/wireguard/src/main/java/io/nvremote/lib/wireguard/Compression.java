// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.wireguard;

import java.util.Arrays;

/** The compression function of BLAKE2s (RFC 7693 section 3.2) with its working memory. One thread. */
final class Compression {

    static final int BLOCK = 64;

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

    /** The block, to be filled before each {@link #apply}. */
    final int[] words = new int[16];

    private final int[] work = new int[16];

    /** The state before the parameters go in. */
    static int[] start() {
        return IV.clone();
    }

    /** What the first word of the state is XORed with. */
    static int parameters(int outLength, int keyLength) {
        return 0x01010000 ^ (keyLength << 8) ^ outLength;
    }

    /** Mixes the block into the state; {@code counter} counts all bytes so far, this block's with them. */
    void apply(int[] state, long counter, boolean last) {
        int[] v = work;
        System.arraycopy(state, 0, v, 0, 8);
        System.arraycopy(IV, 0, v, 8, 8);
        v[12] ^= (int) counter;
        v[13] ^= (int) (counter >>> 32);
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

    void wipe() {
        Arrays.fill(words, 0);
        Arrays.fill(work, 0);
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
