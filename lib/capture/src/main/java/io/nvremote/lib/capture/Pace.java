// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.capture;

import io.nvremote.core.FrameRate;

/** When the next picture may be taken. Time comes in from outside. For one thread. */
public final class Pace {

    /**
     * So many pictures more than asked for, of each sixteen: a source of the same rate that came to wait for its turn, after
     * one picture too many, is back in step within a second instead of waiting as long for each picture ever after.
     */
    private static final int CATCHING_UP = 1;

    private final long intervalNanos;
    private long dueNanos;

    public Pace(FrameRate rate, long nowNanos) {
        intervalNanos = rate.intervalNanos() * 16 / (16 + CATCHING_UP);
        dueNanos = nowNanos;
    }

    /** What is left until a picture may be taken; 0 or less: it may. */
    public long waitNanos(long nowNanos) {
        return dueNanos - nowNanos;
    }

    /** A picture was taken. A late one does not shift those after it, or each would wait that much. */
    public void taken(long nowNanos) {
        dueNanos = Math.max(dueNanos + intervalNanos, nowNanos);
    }
}
