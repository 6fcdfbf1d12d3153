// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.updates.PluginFigures;
import io.nvremote.updates.PluginUse;
import java.time.Duration;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** What the calls into one version of a plugin took. Safe for any thread; counting allocates nothing. */
final class PluginMeter {

    private static final long STALL_NANOS = PluginFigures.STALL.toNanos();

    private final LongAdder calls = new LongAdder();
    private final LongAdder stalls = new LongAdder();
    private final LongAdder allocated = new LongAdder();
    private final LongAccumulator longest = new LongAccumulator(Math::max, 0);
    private final LongAccumulator mostThreads = new LongAccumulator(Math::max, 0);

    /** The same use, whose calls are counted here. */
    PluginUse measured(PluginUse use) {
        return new PluginUse() {
            @Override
            public void called(long nanos, long allocatedBytes) {
                calls.increment();
                allocated.add(allocatedBytes);
                longest.accumulate(nanos);
                if (nanos > STALL_NANOS) {
                    stalls.increment();
                }
            }

            @Override
            public void close() {
                use.close();
            }
        };
    }

    /** It has so many threads now; the most that it had. */
    int threads(int now) {
        mostThreads.accumulate(now);
        return mostThreads.intValue();
    }

    PluginFigures.Calls calls() {
        return new PluginFigures.Calls(calls.sum(), stalls.sum(), Duration.ofNanos(longest.get()), allocated.sum());
    }
}
