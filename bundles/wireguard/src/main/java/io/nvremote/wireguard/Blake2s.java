// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * BLAKE2s (RFC 7693), keyed and unkeyed, and HMAC over it (RFC 2104) as WireGuard uses it. The JDK has none. An instance
 * hashes one message and belongs to one thread.
 */
final class Blake2s {

    /** Bytes of a full hash. */
    static final int LENGTH = 32;

    private static final int BLOCK = 64;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();
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

    private final int[] h = IV.clone();
    private final int[] v = new int[16];
    private final int[] m = new int[16];
    private final byte[] block = new byte[BLOCK];
    private final int outLength;
    private int filled;
    private long total;

    /** A hash of 1 to 32 bytes; {@code key} of 0 to 32 bytes, empty for an unkeyed hash. */
    Blake2s(int outLength, byte[] key) {
        if (outLength < 1 || outLength > LENGTH || key.length > LENGTH) {
            throw new IllegalArgumentException("BLAKE2s makes 1 to 32 bytes with a key of at most 32");
        }
        this.outLength = outLength;
        h[0] ^= 0x01010000 ^ (key.length << 8) ^ outLength;
        if (key.length > 0) {
            System.arraycopy(key, 0, block, 0, key.length);
            filled = BLOCK;
        }
    }

    Blake2s update(byte[] data, int offset, int length) {
        int at = offset;
        int left = length;
        while (left > 0) {
            if (filled == BLOCK) {
                total += BLOCK;
                compress(0);
                filled = 0;
            }
            int part = Math.min(left, BLOCK - filled);
            System.arraycopy(data, at, block, filled, part);
            filled += part;
            at += part;
            left -= part;
        }
        return this;
    }

    Blake2s update(byte[] data) {
        return update(data, 0, data.length);
    }

    /** Ends the message; the instance is spent and its state wiped. */
    byte[] finish() {
        total += filled;
        Arrays.fill(block, filled, BLOCK, (byte) 0);
        compress(-1);
        byte[] full = new byte[LENGTH];
        for (int i = 0; i < 8; i++) {
            INT.set(full, i * 4, h[i]);
        }
        Arrays.fill(h, 0);
        Arrays.fill(v, 0);
        Arrays.fill(m, 0);
        Arrays.fill(block, (byte) 0);
        return outLength == LENGTH ? full : Arrays.copyOf(full, outLength);
    }

    private void compress(int last) {
        for (int i = 0; i < 16; i++) {
            m[i] = (int) INT.get(block, i * 4);
        }
        System.arraycopy(h, 0, v, 0, 8);
        System.arraycopy(IV, 0, v, 8, 8);
        v[12] ^= (int) total;
        v[13] ^= (int) (total >>> 32);
        v[14] ^= last;
        for (byte[] s : SIGMA) {
            mix(0, 4, 8, 12, m[s[0]], m[s[1]]);
            mix(1, 5, 9, 13, m[s[2]], m[s[3]]);
            mix(2, 6, 10, 14, m[s[4]], m[s[5]]);
            mix(3, 7, 11, 15, m[s[6]], m[s[7]]);
            mix(0, 5, 10, 15, m[s[8]], m[s[9]]);
            mix(1, 6, 11, 12, m[s[10]], m[s[11]]);
            mix(2, 7, 8, 13, m[s[12]], m[s[13]]);
            mix(3, 4, 9, 14, m[s[14]], m[s[15]]);
        }
        for (int i = 0; i < 8; i++) {
            h[i] ^= v[i] ^ v[i + 8];
        }
    }

    private void mix(int a, int b, int c, int d, int x, int y) {
        v[a] += v[b] + x;
        v[d] = Integer.rotateRight(v[d] ^ v[a], 16);
        v[c] += v[d];
        v[b] = Integer.rotateRight(v[b] ^ v[c], 12);
        v[a] += v[b] + y;
        v[d] = Integer.rotateRight(v[d] ^ v[a], 8);
        v[c] += v[d];
        v[b] = Integer.rotateRight(v[b] ^ v[c], 7);
    }

    /** The 32-byte hash of all parts one after another. */
    static byte[] hash(byte[]... parts) {
        Blake2s hash = new Blake2s(LENGTH, new byte[0]);
        for (byte[] part : parts) {
            hash.update(part);
        }
        return hash.finish();
    }

    /** WireGuard's MAC: keyed BLAKE2s of 16 bytes. */
    static byte[] mac(byte[] key, byte[] data, int offset, int length) {
        return new Blake2s(16, key).update(data, offset, length).finish();
    }

    /** HMAC-BLAKE2s; the key has at most 64 bytes. */
    static byte[] hmac(byte[] key, byte[]... parts) {
        byte[] pad = Arrays.copyOf(key, BLOCK);
        for (int i = 0; i < BLOCK; i++) {
            pad[i] ^= 0x36;
        }
        Blake2s inner = new Blake2s(LENGTH, new byte[0]).update(pad);
        for (byte[] part : parts) {
            inner.update(part);
        }
        for (int i = 0; i < BLOCK; i++) {
            pad[i] ^= 0x36 ^ 0x5c;
        }
        byte[] result = new Blake2s(LENGTH, new byte[0])
                .update(pad)
                .update(inner.finish())
                .finish();
        Arrays.fill(pad, (byte) 0);
        return result;
    }
}
