// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the result: the same quantity of ours and of the peer, round by round.
 *
 * @param peer what it is compared with: a program, or a limit
 * @param ours one value a round
 * @param theirs one value a round, or a single one for a limit; empty for a figure that has no peer
 * @param aim null for a figure that is only reported
 * @param notes further figures, written to the JSON
 */
public record Row(
        String bench,
        String measure,
        String unit,
        String peer,
        List<Double> ours,
        List<Double> theirs,
        @Nullable Aim aim,
        Map<String, Object> notes) {

    public Row {
        ours = List.copyOf(ours);
        theirs = List.copyOf(theirs);
        notes = Map.copyOf(notes);
        if (!theirs.isEmpty() && theirs.size() != 1 && theirs.size() != ours.size()) {
            throw new IllegalArgumentException(measure + ": " + ours.size() + " rounds of ours, " + theirs.size());
        }
    }

    /** Ours against a fixed limit: met while the median is not above it. */
    public static Row limit(String bench, String measure, String unit, List<Double> ours, double limit) {
        return new Row(bench, measure, unit, "limit", ours, List.of(limit), Aim.atMost(1), Map.of());
    }

    /** Ours divided by theirs, round by round. */
    public List<Double> ratios() {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < ours.size() && !theirs.isEmpty(); i++) {
            ratios.add(ours.get(i) / theirs.get(theirs.size() == 1 ? 0 : i));
        }
        return ratios;
    }

    /** {@code MET}, {@code MISSED}, or {@code -} where there is no aim; the median decides. */
    public String verdict() {
        if (aim == null) {
            return "-";
        }
        return aim.met(Figures.median(ratios())) ? "MET" : "MISSED";
    }
}
