// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

import java.time.Duration;
import java.time.Instant;
import org.osgi.annotation.versioning.ConsumerType;

/** Time as the code sees it: the only place that asks the machine, so that a test can replay an hour in a second. */
@ConsumerType
public interface Clock {

    /** Wall time, for records and certificates. May jump. */
    Instant instant();

    /** Monotonic nanoseconds from an arbitrary start, for durations. Comparable between processes of one machine. */
    long nanos();

    /** Waits. Returns early with the thread's interrupt status set when it is interrupted. */
    void sleep(Duration duration);

    /** The machine's clock. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }
}
