// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessMetricsTest {

    @Test
    void figures_are_those_of_a_running_java_process() {
        ProcessMetrics first = ProcessMetrics.now();
        assertThat(first.residentBytes()).isBetween(10L << 20, 100L << 30);
        assertThat(first.cpuNanos()).isPositive();
        double work = 0;
        ProcessMetrics later = first;
        while (later.cpuNanos() == first.cpuNanos()) { // Ticks of 10 ms.
            for (int i = 0; i < 1_000_000; i++) {
                work += Math.sqrt(i);
            }
            later = ProcessMetrics.now();
        }
        assertThat(work).isPositive();
        assertThat(later.cpuNanos()).isGreaterThan(first.cpuNanos());
    }
}
