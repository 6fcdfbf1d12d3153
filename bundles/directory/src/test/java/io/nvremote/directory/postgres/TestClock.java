// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.core.Clock;
import java.time.Duration;
import java.time.Instant;

/** Time that passes when a test says so. */
final class TestClock implements Clock {

    private Instant now = Instant.now();
    private long nanos;

    synchronized void advance(Duration duration) {
        now = now.plus(duration);
        nanos += duration.toNanos();
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public void sleep(Duration duration) {
        advance(duration);
    }
}
