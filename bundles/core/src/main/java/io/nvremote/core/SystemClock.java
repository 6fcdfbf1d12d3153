// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import java.time.Duration;
import java.time.Instant;

/** The machine's clock. {@code System.nanoTime} is CLOCK_MONOTONIC on Linux, which all processes share. */
enum SystemClock implements Clock {
    INSTANCE;

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void sleep(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
