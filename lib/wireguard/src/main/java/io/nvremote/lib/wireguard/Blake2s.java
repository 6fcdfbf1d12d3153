// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.wireguard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * BLAKE2s (RFC 7693), keyed and unkeyed, and HMAC over it (RFC 2104) as WireGuard uses it. The JDK has none. An instance
 * hashes one message and belongs to one thread.
 */
public final class Blake2s {

    /** Bytes of a full hash. */
    public static final int LENGTH = 32;

    private static final int BLOCK = 64;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    private final int[] h = Compression.start();
    private final Compression compression = new Compression();
    private final byte[] block = new byte[BLOCK];
    private final int outLength;
    private int filled;
    private long total;

    /** A hash of 1 to 32 bytes; {@code key} of 0 to 32 bytes, empty for an unkeyed hash. */
    public Blake2s(int outLength, byte[] key) {
        if (outLength < 1 || outLength > LENGTH || key.length > LENGTH) {
            throw new IllegalArgumentException("BLAKE2s makes 1 to 32 bytes with a key of at most 32");
        }
        this.outLength = outLength;
        h[0] ^= Compression.parameters(outLength, key.length);
        if (key.length > 0) {
            System.arraycopy(key, 0, block, 0, key.length);
            filled = BLOCK;
        }
    }

    public Blake2s update(byte[] data, int offset, int length) {
        int at = offset;
        int left = length;
        while (left > 0) {
            if (filled == BLOCK) {
                total += BLOCK;
                compress(false);
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

    public Blake2s update(byte[] data) {
        return update(data, 0, data.length);
    }

    /** Ends the message; the instance is spent and its state wiped. */
    public byte[] finish() {
        total += filled;
        Arrays.fill(block, filled, BLOCK, (byte) 0);
        compress(true);
        byte[] full = new byte[LENGTH];
        for (int i = 0; i < 8; i++) {
            INT.set(full, i * 4, h[i]);
        }
        Arrays.fill(h, 0);
        compression.wipe();
        Arrays.fill(block, (byte) 0);
        return outLength == LENGTH ? full : Arrays.copyOf(full, outLength);
    }

    private void compress(boolean last) {
        for (int i = 0; i < 16; i++) {
            compression.words[i] = (int) INT.get(block, i * 4);
        }
        compression.apply(h, total, last);
    }

    /** The 32-byte hash of all parts one after another. */
    public static byte[] hash(byte[]... parts) {
        Blake2s hash = new Blake2s(LENGTH, new byte[0]);
        for (byte[] part : parts) {
            hash.update(part);
        }
        return hash.finish();
    }

    /** WireGuard's MAC: keyed BLAKE2s of 16 bytes. */
    public static byte[] mac(byte[] key, byte[] data, int offset, int length) {
        return new Blake2s(16, key).update(data, offset, length).finish();
    }

    /** HMAC-BLAKE2s; the key has at most 64 bytes. */
    public static byte[] hmac(byte[] key, byte[]... parts) {
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
