// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.worker;

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
import java.util.ArrayList;
import java.util.List;

/** Pictures painted before anything is timed, lent again and again; nothing says what changed, so each is copied whole. */
final class Cards implements AutoCloseable {

    private static final int COUNT = 8;
    private static final int ROOM_BEHIND_BYTES = 64;

    private final Arena arena = Arena.ofShared();
    private final List<HostSurface> cards = new ArrayList<>();
    private long sequence;

    Cards(Size size) {
        int stride = 4 * size.width();
        for (int i = 0; i < COUNT; i++) {
            HostSurface.Plane plane = new HostSurface.Plane(
                    arena.allocate((long) stride * size.height() + ROOM_BEHIND_BYTES, ROOM_BEHIND_BYTES), stride);
            HostSurface card = new HostSurface(PixelFormat.BGRA, size, List.of(plane));
            if (TestcardPainter.fits(size)) {
                new TestcardPainter(size).paint(card, new TestcardMark(i, 0, 0, 0, 0));
            }
            cards.add(card);
        }
    }

    Frame next() {
        long now = Clock.system().nanos();
        HostSurface card = cards.get((int) (sequence % COUNT));
        return new LentFrame(new Kept(card), sequence++, StageStamps.captured(now, now), null);
    }

    @Override
    public void close() {
        arena.close();
    }

    /** Memory that stays until all cards go. */
    private record Kept(HostSurface surface) implements Lease {

        @Override
        public Lease hold() {
            return this;
        }

        @Override
        public void release() {}
    }
}
