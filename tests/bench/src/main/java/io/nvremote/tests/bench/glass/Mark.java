// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.glass;

import com.sun.jna.Pointer;

/**
 * A number from 0 to 15 drawn as four black or white squares in the top left corner of the picture, large enough to pass
 * any video coding unharmed.
 */
final class Mark {

    static final int VALUES = 16;
    static final int BITS = 4;
    static final int SIDE = 64;
    /** What a reader needs of one row: the middles of all squares. */
    static final int ROW_PIXELS = SIDE * BITS;

    private Mark() {}

    /** Whether that square of that number is white. */
    static boolean white(int value, int bit) {
        return (value >> bit & 1) == 1;
    }

    /** The number in one row of 32-bit pixels. */
    static int read(Pointer row) {
        int value = 0;
        for (int bit = 0; bit < BITS; bit++) {
            int green = row.getByte(4L * (bit * SIDE + SIDE / 2) + 1) & 0xFF;
            value |= (green > 127 ? 1 : 0) << bit;
        }
        return value;
    }
}
