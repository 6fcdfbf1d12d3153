// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.telemetry.Metric;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.telemetry.MetricSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a source tells once, by name and label values. */
record Figures(Map<String, Double> told) implements MetricReport {

    static Map<String, Double> of(MetricSource source) {
        Figures figures = new Figures(new TreeMap<>());
        source.report(figures);
        return figures.told();
    }

    @Override
    public void counter(Metric metric, long value, String... labelValues) {
        gauge(metric, (double) value, labelValues);
    }

    @Override
    public void gauge(Metric metric, double value, String... labelValues) {
        if (told.put(metric.name() + List.of(labelValues), value) != null) {
            throw new IllegalStateException(metric.name() + " is told twice");
        }
    }
}
