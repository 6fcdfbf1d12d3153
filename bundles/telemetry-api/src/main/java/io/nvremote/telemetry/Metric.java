// SPDX-License-Identifier: Apache-2.0
package io.nvremote.telemetry;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is measured, after OpenMetrics 1.0. Immutable. What breaks a rule is refused with {@link CoreError#INVALID_VALUE}.
 *
 * @param name small letters, digits and underscores, the publisher's name first; with a unit it ends in {@code _unit}. Never
 *     ends in what formats add for themselves: {@code _total}, {@code _created}, {@code _bucket}, {@code _count}, {@code _sum},
 *     {@code _info}
 * @param unit a base unit such as {@code bytes} or {@code seconds}; empty for a plain number
 * @param help one sentence for whoever reads a dashboard
 * @param labels names of what one value differs from another by; each of few values, never an id or an address
 */
public record Metric(String name, String unit, String help, List<String> labels) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)+");
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Set<String> RESERVED = Set.of("total", "created", "bucket", "count", "sum", "info");

    public Metric {
        labels = List.copyOf(labels);
        require(NAME.matcher(name).matches(), "name", name, "like acme_encoder_frames");
        String last = name.substring(name.lastIndexOf('_') + 1);
        require(!RESERVED.contains(last), "name", name, "without the ending that a format adds");
        require(unit.isEmpty() || WORD.matcher(unit).matches(), "unit", unit, "small letters");
        require(unit.isEmpty() || name.endsWith("_" + unit), "name", name, "with the unit at its end: _" + unit);
        require(!help.isBlank(), "help", help, "a sentence");
        require(Set.copyOf(labels).size() == labels.size(), "labels", labels, "each once");
        for (String label : labels) {
            // le and quantile are the words of histograms and summaries.
            boolean free = WORD.matcher(label).matches() && !label.startsWith("__") && !isTaken(label);
            require(free, "label", label, "small letters, and neither le nor quantile");
        }
    }

    /** The same with the labels one by one. */
    public static Metric of(String name, String unit, String help, String... labels) {
        return new Metric(name, unit, help, List.of(labels));
    }

    private static boolean isTaken(String label) {
        return label.equals("le") || label.equals("quantile");
    }

    private static void require(boolean right, String what, Object value, String rule) {
        if (!right) {
            throw new StreamException(
                    CoreError.INVALID_VALUE, "metric " + what + " \"" + value + "\": must be " + rule);
        }
    }
}
