// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import io.nvremote.core.Clock;
import io.nvremote.media.Damage;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import io.nvremote.media.Lease;
import io.nvremote.media.LentFrame;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Patches of known colours in four rows, in any pixel format of the media API and with rows as far apart as is wanted: what the black
 * and white of a test card does not show. Always the same memory. Not safe for several threads at once.
 */
final class ColourCard implements AutoCloseable {

    static final int ROWS = 4;
    private static final int COLUMNS = 8;

    /** The primaries, what is made of two of them, greys, and colours of faces and skies. */
    private static final int[] COLOURS = {
        0xFF0000, 0x00FF00, 0x0000FF, 0x00FFFF, 0xFF00FF, 0xFFFF00, 0xFFFFFF, 0x000000, 0x808080, 0xE0AC90, 0x4878B0
    };

    /**
     * In levels of 255, for the mean of a patch: what coding at a usual rate takes away. Another matrix (BT.601) or range is further off
     * by a multiple.
     */
    private static final int TOLERANCE = 6;

    /** What lies behind each row and must not be seen. */
    private static final byte PADDING = (byte) 0xA5;

    private final Arena arena = Arena.ofShared();
    private final HostSurface surface;
    private final int[][] shown = new int[ROWS][COLUMNS];

    /** {@code paddingBytes} lie between the end of a row and the begin of the next, in each plane. */
    ColourCard(Size size, PixelFormat format, int paddingBytes) {
        List<HostSurface.Plane> planes = new ArrayList<>();
        for (int i = 0; i < format.planes(); i++) {
            int stride = rowBytes(format, size, i) + paddingBytes;
            MemorySegment memory = arena.allocate((long) stride * rows(size, i), 64);
            planes.add(new HostSurface.Plane(memory.fill(PADDING), stride));
        }
        surface = new HostSurface(format, size, planes);
        paint(0);
    }

    private static int rowBytes(PixelFormat format, Size size, int plane) {
        int half = (size.width() + 1) / 2;
        return switch (format.name()) {
            case "BGRA" -> 4 * size.width();
            case "NV12" -> plane == 0 ? size.width() : 2 * half;
            case "I420" -> plane == 0 ? size.width() : half;
            default -> throw new IllegalArgumentException("no card can be drawn in " + format);
        };
    }

    private static int rows(Size size, int plane) {
        return plane == 0 ? size.height() : (size.height() + 1) / 2;
    }

    /** All rows; each number has its own order of the colours. */
    void paint(int number) {
        for (int row = 0; row < ROWS; row++) {
            paint(row, number);
        }
    }

    /** One row of patches. */
    void paint(int row, int number) {
        for (int column = 0; column < COLUMNS; column++) {
            shown[row][column] = COLOURS[(column + 3 * row + number) % COLOURS.length];
        }
        boolean packed = surface.format().equals(PixelFormat.BGRA);
        for (int y = top(row); y < top(row + 1); y++) {
            for (int x = 0; x < surface.size().width(); x++) {
                int rgb = shown[row][Math.min(x / patchWidth(), COLUMNS - 1)];
                if (packed) {
                    HostSurface.Plane plane = surface.planes().getFirst();
                    long at = (long) y * plane.strideBytes() + 4L * x;
                    plane.memory().set(ValueLayout.JAVA_INT_UNALIGNED, at, 0xFF000000 | rgb);
                } else {
                    put(x, y, yuv(rgb));
                }
            }
        }
    }

    private void put(int x, int y, int[] yuv) {
        for (int part = 0; part < yuv.length; part++) {
            MemorySegment memory = surface.planes().get(plane(surface, part)).memory();
            memory.set(ValueLayout.JAVA_BYTE, offset(surface, part, x, y), (byte) yuv[part]);
        }
    }

    private int patchWidth() {
        return surface.size().width() / COLUMNS & ~1;
    }

    /** The row of pixels at which a row of patches begins; the last one takes the rest. */
    private int top(int row) {
        return row == ROWS ? surface.size().height() : row * (surface.size().height() / ROWS & ~1);
    }

    /** What is drawn now. */
    Frame frame(long sequence, @Nullable Damage damage) {
        long now = Clock.system().nanos();
        return new LentFrame(new Holds(), sequence, StageStamps.captured(now, now), damage);
    }

    /** That these rows of patches differ from the picture before. */
    Damage damage(Object session, int... changed) {
        BitSet lines = new BitSet();
        for (int row : changed) {
            lines.set(top(row), top(row + 1));
        }
        return new Damage(session, lines);
    }

    /** Patches that a picture shows in another colour than they are drawn in, in words; none if it is right. */
    List<String> wrong(HostSurface picture) {
        List<String> wrong = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                int[] seen = mean(picture, column, row);
                int[] drawn = yuv(shown[row][column]);
                boolean near = true;
                for (int part = 0; part < drawn.length; part++) {
                    near &= Math.abs(seen[part] - drawn[part]) <= TOLERANCE;
                }
                if (!near) {
                    wrong.add("patch " + column + " of row " + row + " is YUV " + Arrays.toString(seen) + ", BT.709 of "
                            + Integer.toHexString(shown[row][column]) + " is " + Arrays.toString(drawn));
                }
            }
        }
        return wrong;
    }

    /** Of the middle of a patch, away from its edges. */
    private int[] mean(HostSurface picture, int column, int row) {
        int width = patchWidth();
        int height = top(row + 1) - top(row);
        long[] sums = new long[3];
        int count = 0;
        for (int y = top(row) + height / 4; y < top(row) + height * 3 / 4; y += 3) {
            for (int x = column * width + width / 4; x < column * width + width * 3 / 4; x += 3) {
                int[] pixel = pixel(picture, x, y);
                for (int part = 0; part < sums.length; part++) {
                    sums[part] += pixel[part];
                }
                count++;
            }
        }
        return new int[] {(int) (sums[0] / count), (int) (sums[1] / count), (int) (sums[2] / count)};
    }

    private static int[] pixel(HostSurface picture, int x, int y) {
        if (picture.format().equals(PixelFormat.BGRA)) {
            HostSurface.Plane plane = picture.planes().getFirst();
            return yuv(plane.memory().get(ValueLayout.JAVA_INT_UNALIGNED, (long) y * plane.strideBytes() + 4L * x));
        }
        int[] yuv = new int[3];
        for (int part = 0; part < yuv.length; part++) {
            MemorySegment memory = picture.planes().get(plane(picture, part)).memory();
            yuv[part] = Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, offset(picture, part, x, y)));
        }
        return yuv;
    }

    private static int plane(HostSurface planar, int part) {
        return planar.format().equals(PixelFormat.NV12) ? Math.min(part, 1) : part;
    }

    private static long offset(HostSurface planar, int part, int x, int y) {
        int stride = planar.planes().get(plane(planar, part)).strideBytes();
        if (part == 0) {
            return (long) y * stride + x;
        }
        boolean interleaved = planar.format().equals(PixelFormat.NV12);
        return (long) (y / 2) * stride + (interleaved ? x / 2 * 2 + part - 1 : x / 2);
    }

    /** ITU-R BT.709-6, limited range: sections 3.2 to 3.4 and 4.6. */
    private static int[] yuv(int rgb) {
        double red = (rgb >> 16 & 0xFF) / 255.0;
        double green = (rgb >> 8 & 0xFF) / 255.0;
        double blue = (rgb & 0xFF) / 255.0;
        double luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        return new int[] {
            (int) Math.round(16 + 219 * luma),
            (int) Math.round(128 + 224 * (blue - luma) / 1.8556),
            (int) Math.round(128 + 224 * (red - luma) / 1.5748)
        };
    }

    @Override
    public void close() {
        arena.close();
    }

    /** The card's memory goes with the card alone. */
    private final class Holds implements Lease {

        @Override
        public HostSurface surface() {
            return surface;
        }

        @Override
        public Lease hold() {
            return this;
        }

        @Override
        public void release() {}
    }
}
