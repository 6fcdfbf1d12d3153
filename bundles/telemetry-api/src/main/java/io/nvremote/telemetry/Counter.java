// SPDX-License-Identifier: Apache-2.0
package io.nvremote.telemetry;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.util.concurrent.atomic.LongAdder;

/**
 * A counter for a hot path: counting takes no lock and allocates nothing, from any number of threads. One counter holds one
 * value, so one is made beforehand for each value of a label.
 */
public final class Counter implements MetricSource {

    private final Metric metric;
    private final String[] labelValues;
    private final LongAdder value = new LongAdder();

    /** Counts from 0. Label values stand in the order of {@link Metric#labels}. */
    public Counter(Metric metric, String... labelValues) {
        if (labelValues.length != metric.labels().size()) {
            throw new StreamException(
                    CoreError.INVALID_VALUE,
                    "metric " + metric.name() + " with " + labelValues.length
                            + " label values: must be one for each of " + metric.labels());
        }
        this.metric = metric;
        this.labelValues = labelValues.clone();
    }

    public void increment() {
        value.increment();
    }

    /** Adds so many; none are ever taken away, and a negative number is not counted. */
    public void add(long more) {
        if (more > 0) {
            value.add(more);
        }
    }

    /** So many up to now. What other threads count meanwhile may be missing. */
    public long value() {
        return value.sum();
    }

    @Override
    public void report(MetricReport to) {
        to.counter(metric, value(), labelValues.clone());
    }
}
