// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import io.nvremote.core.Clock;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import io.nvremote.media.Lease;
import io.nvremote.media.LentFrame;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import io.nvremote.testcard.TestcardMark;
import io.nvremote.testcard.TestcardPainter;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Test cards as frames, numbered from 0; the picture's number is the frame's sequence. Each is drawn over the last: a
 * frame is valid until the next one is asked for. Not safe for several threads at once.
 */
public final class TestcardFrames implements AutoCloseable {

    private static final int ROOM_BEHIND_BYTES = 64;
    private static final int SNOW_ROWS = 32;
    private static final int SNOW_MASK = 0x3F3F3F;

    private final Arena arena = Arena.ofShared();
    private final HostSurface surface;
    private final TestcardPainter painter;
    private final Lease holds = new Holds();
    private final SplittableRandom random = new SplittableRandom(1);
    private final boolean snow;
    private long next;
    private int held;

    public TestcardFrames(Size size) {
        this(size, false);
    }

    private TestcardFrames(Size size, boolean snow) {
        this.snow = snow;
        int stride = size.width() * 4;
        long bytes = (long) stride * size.height() + ROOM_BEHIND_BYTES;
        surface = new HostSurface(
                PixelFormat.BGRA,
                size,
                List.of(new HostSurface.Plane(arena.allocate(bytes, ROOM_BEHIND_BYTES), stride)));
        painter = new TestcardPainter(size);
    }

    /** Cards with a band of snow across, of which no encoder can make little. */
    public static TestcardFrames withSnow(Size size) {
        return new TestcardFrames(size, true);
    }

    /** The next card. */
    public Frame next() {
        if (held > 0) {
            throw new IllegalStateException("the last frame is still retained");
        }
        long shown = Clock.system().nanos();
        long sequence = next++;
        painter.paint(surface, new TestcardMark((int) sequence, 0, 0, 0, 0));
        if (snow) {
            snow();
        }
        return new LentFrame(
                holds, sequence, StageStamps.captured(shown, Clock.system().nanos()), null);
    }

    /** Between the upper mark and the square that wanders. */
    private void snow() {
        HostSurface.Plane plane = surface.planes().getFirst();
        long from = (long) surface.size().height() / 8 * plane.strideBytes();
        long bytes = (long) SNOW_ROWS * plane.strideBytes();
        for (long at = from; at < from + bytes; at += Integer.BYTES) {
            plane.memory().set(ValueLayout.JAVA_INT, at, random.nextInt() & SNOW_MASK);
        }
    }

    /** How many holds on the last frame have not been closed. */
    public int held() {
        return held;
    }

    @Override
    public void close() {
        arena.close();
    }

    /** The one card's memory: its lender's own hold is not counted. */
    private final class Holds implements Lease {

        @Override
        public HostSurface surface() {
            return surface;
        }

        @Override
        public Lease hold() {
            held++;
            return this;
        }

        @Override
        public void release() {
            held--;
        }
    }
}
