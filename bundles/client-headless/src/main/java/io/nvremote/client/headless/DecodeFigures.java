// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import java.util.concurrent.atomic.AtomicLong;

/** What became of the decoders of one stream. Safe for any thread. */
final class DecodeFigures {

    private final AtomicLong swaps = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    void swapped() {
        swaps.incrementAndGet();
    }

    void failed() {
        failures.incrementAndGet();
    }

    /** How often another decoder went on. */
    long swaps() {
        return swaps.get();
    }

    /** Decoders that broke their contract. */
    long failures() {
        return failures.get();
    }
}
