// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.telemetry.Metric;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.telemetry.MetricSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What the tracks of a factory counted together, those that are closed among them: a track's own counters end with it, and the process's
 * never go down. Nothing is counted twice: open tracks are asked. Safe for any thread.
 *
 * @param <C> what one track counts in
 */
final class TrackTotals<C> implements MetricSource {

    /** One figure, by the counter that each track keeps of it. */
    record Figure<C>(Metric metric, ToLongFunction<C> counter) {}

    private final List<Figure<C>> figures;
    private final List<C> open = new ArrayList<>();
    /** By the place of the figure. */
    private final long[] closed;

    TrackTotals(List<Figure<C>> figures) {
        this.figures = List.copyOf(figures);
        this.closed = new long[figures.size()];
    }

    synchronized void opened(C counters) {
        open.add(counters);
    }

    /** What it counts from now on is not told. Idempotent. */
    synchronized void closed(C counters) {
        if (open.remove(counters)) {
            for (int i = 0; i < closed.length; i++) {
                closed[i] += figures.get(i).counter().applyAsLong(counters);
            }
        }
    }

    private synchronized long[] now() {
        long[] sums = closed.clone();
        for (int i = 0; i < sums.length; i++) {
            ToLongFunction<C> counter = figures.get(i).counter();
            for (C counters : open) {
                sums[i] += counter.applyAsLong(counters);
            }
        }
        return sums;
    }

    @Override
    public void report(MetricReport to) {
        long[] sums = now();
        for (int i = 0; i < sums.length; i++) {
            to.counter(figures.get(i).metric(), sums[i]);
        }
    }
}
