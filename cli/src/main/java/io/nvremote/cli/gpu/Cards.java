// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli.gpu;

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

/** Test cards, numbered from 0, each drawn over the last. For one thread. */
final class Cards implements AutoCloseable {

    private static final int SNOW_ROWS = 32;
    private static final int SNOW_MASK = 0x3F3F3F;

    private final Arena arena = Arena.ofShared();
    private final HostSurface surface;
    private final TestcardPainter painter;
    private final SplittableRandom random = new SplittableRandom(1);
    private final boolean snow;
    private int next;

    /** {@code snow}: a band of it across, which takes all of the rate that there is. */
    Cards(Size size, boolean snow) {
        this.snow = snow;
        int stride = size.width() * 4;
        surface = new HostSurface(
                PixelFormat.BGRA,
                size,
                List.of(new HostSurface.Plane(arena.allocate((long) stride * size.height(), 64), stride)));
        painter = new TestcardPainter(size);
    }

    /** The one that was drawn last. */
    HostSurface surface() {
        return surface;
    }

    Frame next() {
        long now = Clock.system().nanos();
        int number = next++;
        painter.paint(surface, new TestcardMark(number, 0, 0, 0, 0));
        if (snow) {
            snow();
        }
        return new LentFrame(new Lent(), number, StageStamps.captured(now, now), null);
    }

    /** Between the upper mark and the square that wanders. */
    private void snow() {
        HostSurface.Plane plane = surface.planes().getFirst();
        long from = (long) surface.size().height() / 8 * plane.strideBytes();
        for (long at = from; at < from + (long) SNOW_ROWS * plane.strideBytes(); at += Integer.BYTES) {
            plane.memory().set(ValueLayout.JAVA_INT, at, random.nextInt() & SNOW_MASK);
        }
    }

    @Override
    public void close() {
        arena.close();
    }

    /** The memory stays until the cards are closed. */
    private final class Lent implements Lease {

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
