// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.testcard;

import io.nvremote.capture.Cursor;
import io.nvremote.media.Size;
import io.nvremote.testcard.TestcardMark;
import java.nio.IntBuffer;

/** The card's pointer as told beside the picture: a cross, black on white. */
final class CardPointer {

    private static final int SIDE = 15;
    private static final int MIDDLE = SIDE / 2;
    private static final IntBuffer CROSS = cross();

    private CardPointer() {}

    private static IntBuffer cross() {
        IntBuffer argb = IntBuffer.allocate(SIDE * SIDE);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                int off = Math.min(Math.abs(x - MIDDLE), Math.abs(y - MIDDLE));
                argb.put(off == 0 ? 0xFF000000 : off == 1 ? 0xFFFFFFFF : 0);
            }
        }
        return argb.flip().asReadOnlyBuffer();
    }

    /** Where the mark says, on a card of that size. */
    static Cursor at(TestcardMark mark, Size size) {
        int x = pixel(mark.pointerX(), size.width());
        int y = pixel(mark.pointerY(), size.height());
        return new Cursor(1, x, y, MIDDLE, MIDDLE, SIDE, SIDE, CROSS);
    }

    /** 0 is the first, 65535 the last. */
    private static int pixel(int part65535, int pixels) {
        return (int) ((2L * part65535 * (pixels - 1) + 65535) / (2 * 65535));
    }
}
