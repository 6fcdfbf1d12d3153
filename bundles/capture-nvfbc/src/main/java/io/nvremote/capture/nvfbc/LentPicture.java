// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import io.nvremote.media.HostSurface;
import io.nvremote.media.Lease;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The driver's own picture, as long as a sink reads it; who wants to hold it longer gets a copy. */
record LentPicture(HostSurface surface) implements Lease {

    static LentPicture of(NvfbcScreen.Grabbed grabbed) {
        return new LentPicture(bgra(grabbed.pixels(), new Size(grabbed.width(), grabbed.height())));
    }

    private static HostSurface bgra(MemorySegment pixels, Size size) {
        return new HostSurface(PixelFormat.BGRA, size, List.of(new HostSurface.Plane(pixels, size.width() * 4)));
    }

    @Override
    public Lease hold() {
        return new Copy(surface);
    }

    @Override
    public void release() {
        // The driver's, until the next grab.
    }

    private static final class Copy implements Lease {

        private final Arena arena = Arena.ofShared();
        private final AtomicInteger holds = new AtomicInteger(1);
        private final HostSurface surface;

        Copy(HostSurface of) {
            MemorySegment from = of.planes().getFirst().memory();
            MemorySegment pixels = arena.allocate(from.byteSize(), Long.BYTES);
            pixels.copyFrom(from);
            surface = bgra(pixels, of.size());
        }

        @Override
        public HostSurface surface() {
            return surface;
        }

        @Override
        public Lease hold() {
            holds.incrementAndGet();
            return this;
        }

        @Override
        public void release() {
            if (holds.decrementAndGet() == 0) {
                arena.close();
            }
        }
    }
}
