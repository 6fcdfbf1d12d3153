// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.media.AccessUnit;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Complete units between the protocol and the sink, so that the sink runs without the protocol's lock. Their buffers are
 * lent from here and come back. Bounded; a full queue refuses. Safe for any thread.
 */
final class UnitQueue {

    private static final int MAX_UNITS = 16;
    private static final int MAX_BYTES = 32 * 1024 * 1024;
    private static final int MAX_FREE = 4;
    private static final int FIRST_BYTES = 256 * 1024;

    private final ArrayDeque<AccessUnit> ready = new ArrayDeque<>(MAX_UNITS);
    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>(MAX_FREE);

    private long bytes;

    /** A buffer to put a unit together in. */
    synchronized ByteBuffer borrow() {
        ByteBuffer buffer = free.poll();
        return buffer == null ? ByteBuffer.allocateDirect(FIRST_BYTES) : buffer;
    }

    /** Gives a buffer back that was never queued, or that the sink is done with. */
    synchronized void giveBack(ByteBuffer buffer) {
        if (free.size() < MAX_FREE) {
            free.push(buffer);
        }
    }

    /** Whether one more unit can be taken. */
    synchronized boolean hasRoom() {
        return ready.size() < MAX_UNITS && bytes < MAX_BYTES;
    }

    synchronized void add(AccessUnit unit) {
        bytes += unit.data().remaining();
        ready.add(unit);
    }

    synchronized @Nullable AccessUnit poll() {
        AccessUnit unit = ready.poll();
        bytes -= unit == null ? 0 : unit.data().remaining();
        return unit;
    }
}
