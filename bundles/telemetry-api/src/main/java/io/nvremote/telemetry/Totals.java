// SPDX-License-Identifier: Apache-2.0
package io.nvremote.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What all of a kind counted together that comes and goes, such as the tracks of sessions, those that are gone among it: its own counters
 * end with it, and the process's never go down. Nothing is counted twice: who is open is asked. Safe for any thread.
 *
 * @param <C> what one of them counts in
 */
public final class Totals<C> implements MetricSource {

    /** One figure, by the counter that each keeps of it; read by any thread. */
    public record Figure<C>(Metric metric, ToLongFunction<C> counter) {}

    private final List<Figure<C>> figures;
    private final List<C> open = new ArrayList<>();
    /** By the place of the figure. */
    private final long[] closed;

    public Totals(List<Figure<C>> figures) {
        this.figures = List.copyOf(figures);
        this.closed = new long[figures.size()];
    }

    public synchronized void opened(C counters) {
        open.add(counters);
    }

    /** What it counts from now on is not told. Idempotent. */
    public synchronized void closed(C counters) {
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
