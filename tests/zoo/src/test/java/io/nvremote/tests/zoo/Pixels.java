// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.zoo;

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
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Pictures made from others, in memory that the garbage collector takes back. */
final class Pixels {

    private Pixels() {}

    /** The frame, as if its pixels were on that surface. */
    static Frame on(HostSurface surface, Frame frame) {
        return new LentFrame(new Memory(surface), frame.sequence(), frame.stamps(), frame.damage());
    }

    /** A copy of a BGRA picture with each pixel another; other formats as they are. */
    static Frame changed(Frame frame, IntUnaryOperator change) {
        HostSurface from = frame.host();
        if (!from.format().equals(PixelFormat.BGRA)) {
            return frame;
        }
        HostSurface to = blank(from.size());
        rows(from, to, 0, from.size().height(), change);
        return on(to, frame);
    }

    /** Black, in BGRA. */
    static HostSurface blank(Size size) {
        int stride = 4 * size.width();
        MemorySegment memory = Arena.ofAuto().allocate((long) stride * size.height() + 64, 64);
        return new HostSurface(PixelFormat.BGRA, size, List.of(new HostSurface.Plane(memory, stride)));
    }

    /** Some rows of one BGRA picture into another. */
    static void rows(HostSurface from, HostSurface to, int first, int end, IntUnaryOperator change) {
        HostSurface.Plane source = from.planes().getFirst();
        HostSurface.Plane target = to.planes().getFirst();
        for (int y = first; y < end; y++) {
            for (int x = 0; x < to.size().width(); x++) {
                int pixel = source.memory().get(ValueLayout.JAVA_INT_UNALIGNED, at(source, x, y));
                target.memory().set(ValueLayout.JAVA_INT_UNALIGNED, at(target, x, y), change.applyAsInt(pixel));
            }
        }
    }

    private static long at(HostSurface.Plane plane, int x, int y) {
        return (long) y * plane.strideBytes() + 4L * x;
    }

    /** The damaged rows into another picture; all where none are told. */
    static void damaged(Frame frame, HostSurface to) {
        Damage damage = frame.damage();
        for (int y = 0; y < to.size().height(); y++) {
            if (damage == null || damage.rows().get(y)) {
                rows(frame.host(), to, y, y + 1, pixel -> pixel);
            }
        }
    }

    static int grey(int pixel) {
        int luma = (int) Math.round(0.2126 * red(pixel) + 0.7152 * green(pixel) + 0.0722 * blue(pixel));
        return luma * 0x010101;
    }

    static int swapped(int pixel) {
        return red(pixel) | green(pixel) << 8 | blue(pixel) << 16;
    }

    /** What BT.709 makes of it is what BT.601 would have made of the pixel, as far as there is such a colour. */
    static int oldMatrix(int pixel) {
        double luma = 0.299 * red(pixel) + 0.587 * green(pixel) + 0.114 * blue(pixel);
        double blue = luma + (blue(pixel) - luma) / 1.772 * 1.8556;
        double red = luma + (red(pixel) - luma) / 1.402 * 1.5748;
        double green = (luma - 0.2126 * red - 0.0722 * blue) / 0.7152;
        return level(red) << 16 | level(green) << 8 | level(blue);
    }

    private static int level(double value) {
        return Math.clamp(Math.round(value), 0, 255);
    }

    private static int red(int pixel) {
        return pixel >> 16 & 0xFF;
    }

    private static int green(int pixel) {
        return pixel >> 8 & 0xFF;
    }

    private static int blue(int pixel) {
        return pixel & 0xFF;
    }

    /** The same memory, read as if nothing lay between two rows. */
    static Frame withoutStride(Frame frame) {
        HostSurface from = frame.host();
        int half = (from.size().width() + 1) / 2;
        int[] strides =
                switch (from.format().planes()) {
                    case 1 -> new int[] {4 * from.size().width()};
                    case 2 -> new int[] {from.size().width(), 2 * half};
                    default -> new int[] {from.size().width(), half, half};
                };
        List<HostSurface.Plane> planes = from.planes().stream()
                .map(plane -> new HostSurface.Plane(
                        plane.memory(), strides[from.planes().indexOf(plane)]))
                .toList();
        return on(new HostSurface(from.format(), from.size(), planes), frame);
    }

    /** Both chroma planes of I420 for each other, or every two bytes of NV12's. */
    static Frame chromaSwapped(Frame frame) {
        HostSurface from = frame.host();
        if (from.format().equals(PixelFormat.I420)) {
            List<HostSurface.Plane> planes = List.of(
                    from.planes().get(0), from.planes().get(2), from.planes().get(1));
            return on(new HostSurface(from.format(), from.size(), planes), frame);
        }
        return frame;
    }

    /** The frame with other words about it; retained as it would be. */
    static Frame with(Frame frame, long sequence, StageStamps stamps, @Nullable Damage damage) {
        return new LentFrame(new Held(frame), sequence, stamps, damage);
    }

    /** The frame without what its source says about damage. */
    static Frame undamaged(HostSurface surface, Frame frame) {
        return new LentFrame(new Memory(surface), frame.sequence(), frame.stamps(), null);
    }

    /** The frame with a part of an I420 picture that has no colour. */
    static Frame withoutChroma(Frame frame) {
        HostSurface from = frame.host();
        List<HostSurface.Plane> planes = new ArrayList<>();
        for (HostSurface.Plane plane : from.planes()) {
            MemorySegment neutral = Arena.ofAuto().allocate(plane.memory().byteSize());
            planes.add(planes.isEmpty() ? plane : new HostSurface.Plane(neutral.fill((byte) 128), plane.strideBytes()));
        }
        return on(new HostSurface(from.format(), from.size(), planes), frame);
    }

    /** A copy of all planes; into {@code over}, if that is of the same size. */
    static HostSurface copy(HostSurface from, @Nullable HostSurface over) {
        if (over != null && over.size().equals(from.size())) {
            for (int i = 0; i < from.planes().size(); i++) {
                over.planes().get(i).memory().copyFrom(from.planes().get(i).memory());
            }
            return over;
        }
        List<HostSurface.Plane> planes = new ArrayList<>();
        for (HostSurface.Plane plane : from.planes()) {
            MemorySegment memory = Arena.ofAuto().allocate(plane.memory().byteSize());
            planes.add(new HostSurface.Plane(memory.copyFrom(plane.memory()), plane.strideBytes()));
        }
        return new HostSurface(from.format(), from.size(), planes);
    }

    /** Of another frame: who holds this holds that. */
    private record Held(Frame frame) implements Lease {

        @Override
        public HostSurface surface() {
            return frame.host();
        }

        @Override
        public Lease hold() {
            Frame.Retained retained = frame.retain();
            Lease held = new Held(retained.frame());
            return new Lease() {
                @Override
                public HostSurface surface() {
                    return (HostSurface) held.surface();
                }

                @Override
                public Lease hold() {
                    return held.hold();
                }

                @Override
                public void release() {
                    retained.close();
                }
            };
        }

        @Override
        public void release() {}
    }

    private record Memory(HostSurface surface) implements Lease {

        @Override
        public Lease hold() {
            return this;
        }

        @Override
        public void release() {}
    }
}
