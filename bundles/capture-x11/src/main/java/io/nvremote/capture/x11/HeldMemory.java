// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.x11;

import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicInteger;

/** Memory that is given back when the last hold on it goes, once it is no longer wanted. Safe for any thread. */
final class HeldMemory {

    private static final int GONE = Integer.MIN_VALUE;

    private final Arena arena = Arena.ofShared();
    private final AtomicInteger holds = new AtomicInteger();
    private volatile boolean doomed;

    Arena arena() {
        return arena;
    }

    boolean take() {
        return holds.compareAndSet(0, 1);
    }

    void hold() {
        holds.incrementAndGet();
    }

    void release() {
        holds.decrementAndGet();
        closeIfLeft();
    }

    void doom() {
        doomed = true;
        closeIfLeft();
    }

    private void closeIfLeft() {
        if (doomed && holds.compareAndSet(0, GONE)) {
            arena.close();
        }
    }
}
