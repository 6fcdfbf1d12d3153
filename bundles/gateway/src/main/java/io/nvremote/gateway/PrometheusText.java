// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gateway;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.telemetry.Metric;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.telemetry.MetricSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Figures in the Prometheus text format 0.0.4, sorted by name. One thread. A scrape that holds a value twice is refused as a
 * whole by who scrapes: of two that tell the same figure the first counts, and the name of the other is in {@link #refused}.
 */
final class PrometheusText {

    private final Map<String, Family> families = new TreeMap<>();
    private final Set<String> refused = new TreeSet<>();

    /** All values of one metric, by their label values. */
    private record Family(Metric metric, String type, Map<List<String>, String> values) {}

    private record Told(Metric metric, String type, List<String> labelValues, String value) {}

    /** What a source tells, kept until it is through: one that throws half-way has told nothing. */
    private record Collected(List<Told> told) implements MetricReport {

        @Override
        public void counter(Metric metric, long value, String... labelValues) {
            take(metric, "counter", Long.toString(value), labelValues);
        }

        @Override
        public void gauge(Metric metric, double value, String... labelValues) {
            take(metric, "gauge", number(value), labelValues);
        }

        private void take(Metric metric, String type, String value, String... labelValues) {
            if (labelValues.length != metric.labels().size()) {
                throw new StreamException(
                        CoreError.INVALID_VALUE,
                        "metric " + metric.name() + " with " + labelValues.length
                                + " label values: must be one for each of " + metric.labels());
            }
            told.add(new Told(metric, type, List.of(labelValues), value));
        }
    }

    /** Takes in what a source tells; nothing if it throws. */
    void add(MetricSource source) {
        Collected collected = new Collected(new ArrayList<>());
        source.report(collected);
        for (Told told : collected.told()) {
            Family family = families.computeIfAbsent(
                    told.metric().name(), name -> new Family(told.metric(), told.type(), new LinkedHashMap<>()));
            boolean same =
                    family.metric().equals(told.metric()) && family.type().equals(told.type());
            if (!same || family.values().putIfAbsent(told.labelValues(), told.value()) != null) {
                refused.add(told.metric().name());
            }
        }
    }

    /** Names that somebody else had told before, or told as something else. */
    Set<String> refused() {
        return refused;
    }

    String text() {
        StringBuilder text = new StringBuilder(4_096);
        for (Family family : families.values()) {
            Metric metric = family.metric();
            String name = family.type().equals("counter") ? metric.name() + "_total" : metric.name();
            text.append("# HELP ").append(name).append(' ');
            text.append(metric.help().replace("\\", "\\\\").replace("\n", "\\n"));
            text.append("\n# TYPE ")
                    .append(name)
                    .append(' ')
                    .append(family.type())
                    .append('\n');
            family.values().forEach((labelValues, value) -> {
                text.append(name);
                labels(metric.labels(), labelValues, text);
                text.append(' ').append(value).append('\n');
            });
        }
        return text.toString();
    }

    private static void labels(List<String> names, List<String> values, StringBuilder text) {
        for (int i = 0; i < names.size(); i++) {
            text.append(i == 0 ? '{' : ',').append(names.get(i)).append("=\"");
            text.append(
                    values.get(i).replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
            text.append('"');
        }
        if (!names.isEmpty()) {
            text.append('}');
        }
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        boolean whole = Math.rint(value) == value && Math.abs(value) < 1e15;
        return whole ? Long.toString((long) value) : Double.toString(value);
    }
}
