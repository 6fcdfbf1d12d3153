// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker.postgres;

import java.time.Duration;
import java.time.Instant;

/**
 * For how long something has gone well without a gap: what is concluded from silence needs that long of listening. A step of
 * the wall clock is a gap too: times written before it can't be compared with those after. Sans-IO; safe for any thread.
 */
final class SteadyTime {

    static final Duration GAP = Duration.ofSeconds(10);
    static final Duration STEP = Duration.ofSeconds(2);

    private long sinceNanos;
    private long lastNanos;
    private Instant last;

    SteadyTime(Instant now, long nowNanos) {
        last = now;
        lastNanos = nowNanos;
        sinceNanos = nowNanos;
    }

    /** It went well just now; for how long by now? */
    synchronized Duration went(Instant now, long nowNanos) {
        Duration passed = Duration.ofNanos(nowNanos - lastNanos);
        Duration stepped = Duration.between(last, now).minus(passed).abs();
        if (passed.compareTo(GAP) > 0 || stepped.compareTo(STEP) > 0) {
            sinceNanos = nowNanos;
        }
        last = now;
        lastNanos = nowNanos;
        return Duration.ofNanos(nowNanos - sinceNanos);
    }
}
