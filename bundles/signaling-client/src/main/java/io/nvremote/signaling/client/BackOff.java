// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Full jitter: each wait is a random time up to a bound that doubles from failure to failure, so that a thousand peers
 * that lost one server do not come back in step. Not safe for threads.
 */
final class BackOff {

    private final LinkPace pace;
    private final RandomGenerator random;
    private final Duration cap;
    private int failures;

    /** No wait is longer than {@code cap}, nor than the pace's own. */
    BackOff(LinkPace pace, Duration cap, RandomGenerator random) {
        this.pace = pace;
        this.cap = cap.compareTo(pace.backOffCap()) < 0 ? cap : pace.backOffCap();
        this.random = random;
    }

    /** How many waits were given out since the last stable link. */
    int failures() {
        return failures;
    }

    /** The wait before the next attempt, after a link that was up for {@code upNanos} (0: it never was). */
    Duration next(long upNanos) {
        if (upNanos >= pace.stable().toNanos()) {
            failures = 0;
        }
        long bound = pace.backOffBase().toNanos() << Math.min(failures, 20);
        failures++;
        return Duration.ofNanos(random.nextLong(Math.min(bound, cap.toNanos()) + 1));
    }
}
