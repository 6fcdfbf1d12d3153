// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FiguresTest {

    private static Row row(List<Double> ours, List<Double> theirs, Aim aim) {
        return new Row("b", "m", "ms", "peer", ours, theirs, aim, Map.of());
    }

    @Test
    void the_median_is_the_middle_value_or_the_mean_of_the_two_middle_ones() {
        assertThat(Figures.median(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(Figures.median(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(3);
        assertThat(Figures.median(List.of())).isNaN();
    }

    @Test
    void a_percentile_is_a_value_that_was_seen() {
        List<Double> values = List.of(5.0, 1.0, 3.0, 2.0, 4.0);
        assertThat(Figures.percentile(values, 0)).isEqualTo(1);
        assertThat(Figures.percentile(values, 50)).isEqualTo(3);
        assertThat(Figures.percentile(values, 95)).isEqualTo(5);
        assertThat(Figures.percentile(values, 100)).isEqualTo(5);
    }

    @Test
    void a_ratio_is_taken_round_by_round_and_its_median_decides() {
        Row row = row(List.of(1.0, 4.0, 3.0), List.of(4.0, 4.0, 6.0), Aim.atMost(0.5));
        assertThat(row.ratios()).containsExactly(0.25, 1.0, 0.5);
        assertThat(row.verdict()).isEqualTo("MET");
        assertThat(row(List.of(1.4), List.of(1.0), Aim.atLeast(1.5)).verdict()).isEqualTo("MISSED");
    }

    @Test
    void a_limit_holds_for_every_round() {
        Row row = Row.limit("b", "m", "MB", List.of(100.0, 160.0, 170.0), 150);
        assertThat(row.ratios()).hasSize(3);
        assertThat(row.verdict()).isEqualTo("MISSED");
    }

    @Test
    void an_aim_is_not_met_by_nothing() {
        assertThat(row(List.of(), List.of(), Aim.atMost(0.5)).verdict()).isEqualTo("MISSED");
        assertThat(row(List.of(), List.of(), Aim.atLeast(0.5)).verdict()).isEqualTo("MISSED");
    }

    @Test
    void rounds_of_both_sides_must_match() {
        assertThatThrownBy(() -> row(List.of(1.0, 2.0, 3.0), List.of(1.0, 2.0), Aim.atMost(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 rounds");
    }

    @Test
    void only_a_missing_peer_under_strict_or_a_broken_bench_is_a_failure() {
        Report report = new Report();
        report.add(row(List.of(9.0), List.of(1.0), Aim.atMost(0.5)));
        assertThat(report.exitCode(true)).isZero();
        report.lacks("LACKS PEER: x: y");
        assertThat(report.exitCode(false)).isZero();
        assertThat(report.exitCode(true)).isEqualTo(1);
        report.broke("BROKEN");
        assertThat(report.exitCode(false)).isEqualTo(1);
    }
}
