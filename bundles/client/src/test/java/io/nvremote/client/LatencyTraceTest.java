// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.media.StageStamps;
import io.nvremote.viewer.LatencyStage;
import org.junit.jupiter.api.Test;

class LatencyTraceTest {

    @Test
    void a_picture_is_traced_across_two_clocks() {
        LatencyTrace trace = new LatencyTrace();
        long ms = 1_000_000;
        StageStamps stamps = new StageStamps(100 * ms, 102 * ms, 103 * ms, 108 * ms, 109 * ms);
        trace.received(7, stamps, 1_000 * ms, 1_112 * ms);
        trace.shown(7, 4 * ms, 2 * ms);
        assertThat(trace.stage(LatencyStage.CAPTURE).percentileMillis(0.5, Samples.KEPT))
                .isEqualTo(2);
        assertThat(trace.stage(LatencyStage.ENCODE).percentileMillis(0.5, Samples.KEPT))
                .isEqualTo(5);
        assertThat(trace.stage(LatencyStage.NETWORK).percentileMillis(0.5, Samples.KEPT))
                .isEqualTo(3);
        assertThat(trace.stage(LatencyStage.TOTAL).percentileMillis(0.5, Samples.KEPT))
                .isEqualTo(18);
    }

    @Test
    void the_stages_of_the_same_pictures_add_up_to_their_whole_way() {
        LatencyTrace trace = new LatencyTrace();
        assertThat(trace.meanMillis()).isEmpty();
        long ms = 1_000_000;
        long offset = 50 * ms;
        double whole = 0;
        for (long i = 0; i < 400; i++) {
            long shown = 1000 * ms + i * 17 * ms;
            StageStamps stamps = new StageStamps(
                    shown,
                    shown + (1 + i % 3) * ms,
                    shown + (4 + i % 5) * ms,
                    shown + (11 + i % 7) * ms,
                    shown + (20 + i % 2) * ms);
            trace.received(i, stamps, offset, shown + offset + (30 + i % 11) * ms);
            trace.shown(i, (i % 4) * ms, (i % 9) * ms);
            whole += i < 280 ? 0 : 30 + i % 11 + i % 4 + i % 9;
        }
        trace.received(400, new StageStamps(0, 1, 2, 3, 4), 0, 5); // a source that does not say when
        trace.shown(400, 900 * ms, 900 * ms);
        double sum = trace.meanMillis().values().stream().mapToDouble(v -> v).sum();
        assertThat(sum).isCloseTo(whole / 120, org.assertj.core.api.Assertions.within(0.001));
    }

    @Test
    void a_picture_that_nobody_received_counts_as_shown_but_is_not_traced() {
        LatencyTrace trace = new LatencyTrace();
        trace.shown(99, 1, 1);
        assertThat(trace.shownCount()).isEqualTo(1);
        assertThat(trace.stage(LatencyStage.TOTAL).count()).isZero();
    }

    @Test
    void percentiles_are_nearest_rank_over_the_newest() {
        Samples samples = new Samples();
        assertThat(samples.percentileMillis(0.5, Samples.KEPT)).isNaN();
        for (int i = 1; i <= 100; i++) {
            samples.add(i * 1_000_000L);
        }
        assertThat(samples.percentileMillis(0.50, Samples.KEPT)).isEqualTo(50);
        assertThat(samples.percentileMillis(0.95, Samples.KEPT)).isEqualTo(95);
        assertThat(samples.percentileMillis(0.99, Samples.KEPT)).isEqualTo(99);
        assertThat(samples.percentileMillis(0.5, 10)).isEqualTo(95);
    }
}
