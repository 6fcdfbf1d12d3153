// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.testcard;

import io.nvremote.media.HostSurface;
import io.nvremote.media.Lease;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Wall: native memory for a few cards, so that a retained one is not drawn over. */
final class CardMemory {

    /** Encoders read rows in steps of their vector width: room behind the last one keeps that inside. */
    private static final int ROOM_BEHIND_BYTES = 64;

    private final List<Slot> slots;

    CardMemory(Size size) {
        slots = List.of(new Slot(size), new Slot(size), new Slot(size));
    }

    /** A slot that nobody holds, now held once; null if all are held. */
    @Nullable
    Slot take() {
        for (Slot slot : slots) {
            if (slot.holds.compareAndSet(0, 1)) {
                return slot;
            }
        }
        return null;
    }

    /** Gives the memory back: at once where it is free, else when the last hold goes. Idempotent. */
    void free() {
        for (Slot slot : slots) {
            if (slot.holds.compareAndSet(0, Slot.GONE)) {
                slot.arena.close();
            } else {
                slot.doomed = true;
                slot.closeIfLeft();
            }
        }
    }

    /** Memory of one card. Holds are counted from any thread. */
    static final class Slot implements Lease {

        private static final int GONE = Integer.MIN_VALUE;

        private final Arena arena = Arena.ofShared();
        private final AtomicInteger holds = new AtomicInteger();
        private final HostSurface surface;
        private volatile boolean doomed;

        private Slot(Size size) {
            int stride = size.width() * 4;
            long bytes = (long) stride * size.height() + ROOM_BEHIND_BYTES;
            HostSurface.Plane plane = new HostSurface.Plane(arena.allocate(bytes, ROOM_BEHIND_BYTES), stride);
            surface = new HostSurface(PixelFormat.BGRA, size, List.of(plane));
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
            holds.decrementAndGet();
            closeIfLeft();
        }

        private void closeIfLeft() {
            if (doomed && holds.compareAndSet(0, GONE)) {
                arena.close();
            }
        }
    }
}
