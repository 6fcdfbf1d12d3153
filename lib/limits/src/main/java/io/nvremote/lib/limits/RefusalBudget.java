// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.limits;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How many refusals of strangers are written down, from whatever address they come: a burst, then one at a time. The rest is
 * counted, and the number goes with the next that is written, so that a flood shows in the record without filling it. Time is
 * the caller's, in monotonic nanoseconds. Safe for any thread.
 */
public final class RefusalBudget {

    private final int burst;
    private final long everyNanos;
    private double left;
    private long leftAt;
    private boolean begun;
    private long untold;

    /**
     * @param burst how many may be written at once
     * @param every how long one more takes to become free
     */
    public RefusalBudget(int burst, Duration every) {
        this.burst = burst;
        this.everyNanos = every.toNanos();
        this.left = burst;
    }

    /** Empty if this refusal is only to be counted; else how many were only counted since the last that was written. */
    public synchronized OptionalLong write(long nowNanos) {
        if (begun) {
            left = Math.min(burst, left + (double) Math.max(0, nowNanos - leftAt) / everyNanos);
        }
        begun = true;
        leftAt = nowNanos;
        if (left < 1) {
            untold++;
            return OptionalLong.empty();
        }
        left--;
        long told = untold;
        untold = 0;
        return OptionalLong.of(told);
    }
}
