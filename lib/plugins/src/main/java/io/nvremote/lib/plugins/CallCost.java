// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.plugins;

import com.sun.management.ThreadMXBean;
import io.nvremote.core.Clock;
import io.nvremote.updates.PluginUse;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one call into a plugin's code costs: time, and what its thread allocates on the heap (a counter of the JVM, read in some ten
 * nanoseconds), without what our own code takes that it calls back. For one thread.
 */
public final class CallCost {

    private static final @Nullable ThreadMXBean THREADS =
            ManagementFactory.getThreadMXBean() instanceof ThreadMXBean known
                            && known.isThreadAllocatedMemorySupported()
                    ? known
                    : null;

    private final Clock clock = Clock.system();
    private long nanos = -clock.nanos();
    private long bytes = -allocated();

    private static long allocated() {
        return THREADS == null ? 0 : THREADS.getCurrentThreadAllocatedBytes();
    }

    /** Runs what is ours. */
    public void without(Runnable ours) {
        nanos += clock.nanos();
        bytes += allocated();
        try {
            ours.run();
        } finally {
            nanos -= clock.nanos();
            bytes -= allocated();
        }
    }

    /** The call came back. */
    void tell(PluginUse use, Duration wait) {
        use.called(Math.max(0, nanos + clock.nanos() - wait.toNanos()), Math.max(0, bytes + allocated()));
    }
}
