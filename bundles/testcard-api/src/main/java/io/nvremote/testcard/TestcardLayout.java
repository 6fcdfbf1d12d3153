// SPDX-License-Identifier: Apache-2.0
package io.nvremote.testcard;

import io.nvremote.media.Size;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Where the blocks lie. The mark's 128 bits fill rows of blocks at the top, and the same bits inverted at the bottom, so
 * that a picture put together from two is noticed. Between them wanders a square of 8 by 8 blocks, a function of the
 * number, so that the middle of the picture is proven too.
 *
 * @param block width and height of one block in pixels; a coder's macroblock or more
 */
record TestcardLayout(Size size, int block, int columns, int rows) {

    static final int BITS = 128;
    static final int SQUARE_BLOCKS = 8;
    private static final int STEP_PIXELS = 8;

    static TestcardLayout of(Size size) {
        int block = Math.max(16, (size.width() / 80) & ~7);
        int columns = size.width() / block;
        int rows = (BITS + columns - 1) / columns;
        TestcardLayout layout = new TestcardLayout(size, block, columns, rows);
        if (!layout.fits()) {
            throw new IllegalArgumentException("a test card needs more room, for example 640x360: " + size);
        }
        return layout;
    }

    boolean fits() {
        return size.height() >= (2 * rows + SQUARE_BLOCKS) * block && columns > SQUARE_BLOCKS;
    }

    int bottom() {
        return (size.height() - rows * block) & ~1;
    }

    int bitX(int bit) {
        return bit % columns * block;
    }

    int bitY(int bit) {
        return bit / columns * block;
    }

    int squareX(int number) {
        int room = size.width() - SQUARE_BLOCKS * block;
        return (int) ((Integer.toUnsignedLong(number) * STEP_PIXELS) % room) & ~1;
    }

    int squareY() {
        return (rows * block + (bottom() - rows * block - SQUARE_BLOCKS * block) / 2) & ~1;
    }

    /** The 64 bits of the wandering square: SplitMix64's finaliser, so that neighbours differ in half of their bits. */
    static long square(int number) {
        long z = (Integer.toUnsignedLong(number) + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** The mark as 16 bytes: its fields, then their CRC-32. */
    static byte[] bytes(TestcardMark mark) {
        byte[] bytes = new byte[BITS / 8];
        ByteBuffer out = ByteBuffer.wrap(bytes);
        out.putInt(mark.number())
                .putShort((short) mark.keyUsage())
                .putShort((short) mark.keyCount())
                .putShort((short) mark.pointerX())
                .putShort((short) mark.pointerY());
        out.putInt(checksum(bytes));
        return bytes;
    }

    static int checksum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, BITS / 8 - 4);
        return (int) crc.getValue();
    }
}
