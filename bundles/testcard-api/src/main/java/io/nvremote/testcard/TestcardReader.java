// SPDX-License-Identifier: Apache-2.0
package io.nvremote.testcard;

import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads test cards back from pictures in any {@link PixelFormat} of the media API. Stateless, safe for any thread. */
public final class TestcardReader {

    /** Luma nearer than this to the middle is neither black nor white: the picture is too damaged to be believed. */
    private static final int MARGIN = 40;

    private static final int MIDDLE = 126;

    private TestcardReader() {}

    /**
     * What the card says, or empty if the picture is no test card, is damaged, or was put together from two: the upper
     * mark's checksum must be right, the lower mark its inverse, and the wandering square the one of this number.
     */
    public static Optional<TestcardMark> read(HostSurface surface) {
        Size size = surface.size();
        if (!TestcardPainter.fits(size)) {
            return Optional.empty();
        }
        TestcardLayout layout = TestcardLayout.of(size);
        byte[] bytes = new byte[TestcardLayout.BITS / 8];
        for (int bit = 0; bit < TestcardLayout.BITS; bit++) {
            int upper = colour(surface, layout, layout.bitX(bit), layout.bitY(bit));
            int lower = colour(surface, layout, layout.bitX(bit), layout.bottom() + layout.bitY(bit));
            if (upper == 0 || upper != -lower) {
                return Optional.empty();
            }
            if (upper > 0) {
                bytes[bit / 8] |= (byte) (0x80 >> (bit % 8));
            }
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        TestcardMark mark = new TestcardMark(in.getInt(), unsigned(in), unsigned(in), unsigned(in), unsigned(in));
        boolean sound = in.getInt() == TestcardLayout.checksum(bytes) && squareFits(surface, layout, mark.number());
        return sound ? Optional.of(mark) : Optional.empty();
    }

    private static boolean squareFits(HostSurface surface, TestcardLayout layout, int number) {
        long bits = TestcardLayout.square(number);
        int left = layout.squareX(number);
        for (int i = 0; i < 64; i++) {
            int x = left + i % TestcardLayout.SQUARE_BLOCKS * layout.block();
            int y = layout.squareY() + i / TestcardLayout.SQUARE_BLOCKS * layout.block();
            if (colour(surface, layout, x, y) != (((bits >>> i) & 1) != 0 ? 1 : -1)) {
                return false;
            }
        }
        return true;
    }

    private static int unsigned(ByteBuffer in) {
        return Short.toUnsignedInt(in.getShort());
    }

    /** 1 for a white block, -1 for a black one, 0 for neither: the mean of its inner half, away from ringing edges. */
    private static int colour(HostSurface surface, TestcardLayout layout, int x, int y) {
        int block = layout.block();
        int margin = block / 4;
        int sum = 0;
        int count = 0;
        for (int row = y + margin; row < y + block - margin; row += 2) {
            for (int column = x + margin; column < x + block - margin; column += 2) {
                sum += luma(surface, column, row);
                count++;
            }
        }
        int distance = sum / count - MIDDLE;
        return Math.abs(distance) < MARGIN ? 0 : Integer.signum(distance);
    }

    /** Luma, or green for BGRA: on black and white both say the same. */
    private static int luma(HostSurface surface, int x, int y) {
        HostSurface.Plane plane = surface.planes().getFirst();
        boolean packed = surface.format().equals(PixelFormat.BGRA);
        long offset = (long) y * plane.strideBytes() + (packed ? 4L * x + 1 : x);
        return Byte.toUnsignedInt(plane.memory().get(ValueLayout.JAVA_BYTE, offset));
    }
}
