// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.telemetry.Metric;
import org.junit.jupiter.api.Test;

/** The text format 0.0.4 as prometheus.io/docs/instrumenting/exposition_formats describes it. */
class PrometheusTextTest {

    private static final Metric SENT = Metric.of("acme_sent_bytes", "bytes", "Bytes sent.", "path", "peer");
    private static final Metric LOAD = Metric.of("acme_load", "", "A \\ and\na line.");

    private final PrometheusText text = new PrometheusText();

    @Test
    void families_are_together_whoever_tells_them() {
        text.add(to -> {
            to.counter(SENT, 1, "relay", "a");
            to.gauge(LOAD, 0.5);
        });
        text.add(to -> to.counter(SENT, 2, "direct", "a"));
        assertThat(text.text()).isEqualTo("""
                # HELP acme_load A \\\\ and\\na line.
                # TYPE acme_load gauge
                acme_load 0.5
                # HELP acme_sent_bytes_total Bytes sent.
                # TYPE acme_sent_bytes_total counter
                acme_sent_bytes_total{path="relay",peer="a"} 1
                acme_sent_bytes_total{path="direct",peer="a"} 2
                """);
        assertThat(text.refused()).isEmpty();
    }

    @Test
    void values_of_labels_can_not_break_out() {
        text.add(to -> to.counter(SENT, 1, "a\"} 7\nevil 1", "\\"));
        assertThat(text.text()).endsWith("acme_sent_bytes_total{path=\"a\\\"} 7\\nevil 1\",peer=\"\\\\\"} 1\n");
    }

    @Test
    void numbers_are_written_as_the_format_wants_them() {
        written(3, "3");
        written(-2, "-2");
        written(1e18, "1.0E18");
        written(Double.NaN, "NaN");
        written(Double.POSITIVE_INFINITY, "+Inf");
        written(Double.NEGATIVE_INFINITY, "-Inf");
        text.add(to -> to.counter(Metric.of("acme_much", "", "Much."), Long.MAX_VALUE));
        assertThat(text.text()).endsWith("acme_much_total 9223372036854775807\n");
    }

    private static void written(double value, String expected) {
        PrometheusText one = new PrometheusText();
        one.add(to -> to.gauge(LOAD, value));
        assertThat(one.text()).endsWith("\nacme_load " + expected + "\n");
    }

    @Test
    void a_figure_that_is_told_twice_or_as_another_kind_is_shown_once_and_named() {
        text.add(to -> to.gauge(LOAD, 1));
        text.add(to -> to.gauge(LOAD, 2));
        text.add(to -> to.counter(LOAD, 3));
        assertThat(text.text()).endsWith("# TYPE acme_load gauge\nacme_load 1\n");
        assertThat(text.refused()).containsExactly("acme_load");
    }

    @Test
    void label_values_fit_the_labels() {
        assertThatThrownBy(() -> text.add(to -> to.counter(SENT, 1, "relay"))).isInstanceOf(StreamException.class);
        assertThat(text.text()).isEmpty();
    }
}
