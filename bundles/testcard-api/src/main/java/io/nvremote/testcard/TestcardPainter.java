// SPDX-License-Identifier: Apache-2.0
package io.nvremote.testcard;

import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Draws test cards of one size into BGRA memory. Not safe for several threads at once. */
public final class TestcardPainter {

    private static final int BLACK = 0xFF000000;
    private static final int WHITE = 0xFFFFFFFF;
    private static final int[] BARS = {
        0xFFC0C0C0, 0xFFC0C000, 0xFF00C0C0, 0xFF00C000, 0xFFC000C0, 0xFFC00000, 0xFF0000C0, 0xFF404040
    };
    /** Hexadecimal digits, three by five dots each, the top row in the highest bits. */
    private static final int[] GLYPHS = {
        0x7B6F, 0x2C97, 0x73E7, 0x73CF, 0x5BC9, 0x79CF, 0x79EF, 0x7249, 0x7BEF, 0x7BCF, 0x7BED, 0x6BAE, 0x7927, 0x6B6E,
        0x79A7, 0x79A4
    };

    private static final int POINTER_PIXELS = 16;

    private final TestcardLayout layout;
    private final int[] background;
    private final int[] line;

    /** A painter of cards of one size; {@link IllegalArgumentException} if it is too small to hold what they say. */
    public TestcardPainter(Size size) {
        layout = TestcardLayout.of(size);
        background = new int[size.width()];
        line = new int[Math.max(layout.block(), POINTER_PIXELS)];
        for (int x = 0; x < background.length; x++) {
            background[x] = BARS[x * BARS.length / background.length];
        }
    }

    /** Whether a card of this size can hold what it says. */
    public static boolean fits(Size size) {
        int block = Math.max(16, (size.width() / 80) & ~7);
        int columns = size.width() / block;
        return columns > 0
                && new TestcardLayout(size, block, columns, (TestcardLayout.BITS + columns - 1) / columns).fits();
    }

    /** Draws the whole card over {@code surface}, which must be BGRA and of the painter's size. */
    public void paint(HostSurface surface, TestcardMark mark) {
        if (!surface.format().equals(PixelFormat.BGRA) || !surface.size().equals(layout.size())) {
            throw new IllegalArgumentException("the painter draws BGRA " + layout.size() + ": "
                    + surface.format().name() + " " + surface.size());
        }
        HostSurface.Plane plane = surface.planes().getFirst();
        for (int y = 0; y < layout.size().height(); y++) {
            copy(background, background.length, plane, 0, y);
        }
        byte[] bytes = TestcardLayout.bytes(mark);
        for (int bit = 0; bit < TestcardLayout.BITS; bit++) {
            boolean set = ((bytes[bit / 8] >> (7 - bit % 8)) & 1) != 0;
            block(plane, layout.bitX(bit), layout.bitY(bit), layout.block(), set);
            block(plane, layout.bitX(bit), layout.bottom() + layout.bitY(bit), layout.block(), !set);
        }
        digits(plane, mark.number());
        square(plane, mark.number());
        pointer(plane, mark);
    }

    private void square(HostSurface.Plane plane, int number) {
        long bits = TestcardLayout.square(number);
        int left = layout.squareX(number);
        for (int i = 0; i < 64; i++) {
            int x = left + i % TestcardLayout.SQUARE_BLOCKS * layout.block();
            int y = layout.squareY() + i / TestcardLayout.SQUARE_BLOCKS * layout.block();
            block(plane, x, y, layout.block(), ((bits >>> i) & 1) != 0);
        }
    }

    /** The number for people: hexadecimal, under the upper mark where there is room above the wandering square. */
    private void digits(HostSurface.Plane plane, int number) {
        int dot = 4;
        int top = layout.rows() * layout.block() + dot;
        if (top + 6 * dot > layout.squareY()) {
            return;
        }
        for (int digit = 0; digit < 8; digit++) {
            int glyph = GLYPHS[(number >>> (28 - 4 * digit)) & 15];
            for (int i = 0; i < 15; i++) {
                int x = dot * (2 + digit * 4 + i % 3);
                block(plane, x, top + i / 3 * dot, dot, ((glyph >> (14 - i)) & 1) != 0);
            }
        }
    }

    /** The pointer for people: a white square with a black heart, left out where it would cover what machines read. */
    private void pointer(HostSurface.Plane plane, TestcardMark mark) {
        int upper = layout.rows() * layout.block();
        int x = scale(mark.pointerX(), layout.size().width() - POINTER_PIXELS);
        int y = scale(mark.pointerY(), layout.size().height() - POINTER_PIXELS);
        boolean overSquare = y + POINTER_PIXELS > layout.squareY()
                && y < layout.squareY() + TestcardLayout.SQUARE_BLOCKS * layout.block();
        if (y >= upper && y + POINTER_PIXELS <= layout.bottom() && !overSquare) {
            block(plane, x, y, POINTER_PIXELS, true);
            block(plane, x + POINTER_PIXELS / 4, y + POINTER_PIXELS / 4, POINTER_PIXELS / 2, false);
        }
    }

    private static int scale(int part65535, int whole) {
        return (int) ((long) part65535 * whole / 65535);
    }

    private void block(HostSurface.Plane plane, int x, int y, int pixels, boolean white) {
        Arrays.fill(line, 0, pixels, white ? WHITE : BLACK);
        for (int row = 0; row < pixels; row++) {
            copy(line, pixels, plane, x, y + row);
        }
    }

    private static void copy(int[] from, int pixels, HostSurface.Plane plane, int x, int y) {
        long offset = (long) y * plane.strideBytes() + 4L * x;
        MemorySegment.copy(from, 0, plane.memory(), ValueLayout.JAVA_INT_UNALIGNED, offset, pixels);
    }
}
