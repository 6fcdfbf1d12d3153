// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence.local;

import io.nvremote.core.Clock;
import java.time.Duration;
import java.time.Instant;

/** A clock that stands until it is advanced. */
final class TestClock implements Clock {

    private long nanos;

    void advance(Duration by) {
        nanos += by.toNanos();
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void sleep(Duration duration) {
        advance(duration);
    }
}
