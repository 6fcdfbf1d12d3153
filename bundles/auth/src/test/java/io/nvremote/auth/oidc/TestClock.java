// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.core.Clock;
import java.time.Duration;
import java.time.Instant;

/** A clock that stands until it is set; its monotonic time follows. */
final class TestClock implements Clock {

    Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void advance(Duration by) {
        now = now.plus(by);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public long nanos() {
        return now.toEpochMilli() * 1_000_000;
    }

    @Override
    public void sleep(Duration duration) {
        advance(duration);
    }
}
