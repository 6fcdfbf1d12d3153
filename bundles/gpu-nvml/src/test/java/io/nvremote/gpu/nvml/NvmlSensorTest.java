// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu.nvml;

import static io.nvremote.gpu.nvml.NvmlProbeTest.FIRST;
import static io.nvremote.gpu.nvml.NvmlProbeTest.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Clock;
import io.nvremote.gpu.GpuCard;
import io.nvremote.gpu.GpuFault;
import io.nvremote.gpu.GpuSensor.Reading;
import io.nvremote.telemetry.Metric;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.tests.drivers.FakeDriver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fake driver: what a host tells of its GPUs, and of their faults. */
class NvmlSensorTest {

    @TempDir
    Path folder;

    /** The next fault after {@code seen}; whoever waits for none that comes is ended by the test's own limit. */
    private static GpuFault next(NvmlSensor sensor, long seenNanos) {
        while (true) {
            GpuFault fault = sensor.lastFault().orElse(null);
            if (fault != null && fault.seenNanos() > seenNanos) {
                return fault;
            }
            Clock.system().sleep(Duration.ofMillis(2));
        }
    }

    @Test
    void the_first_gpu_is_read_and_all_are_told() {
        FakeDriver driver = FakeNvml.install(folder, Map.of("gpus", 2L, "memory", 4096L));
        try (NvmlSensor sensor = new NvmlSensor(driver.folder())) {
            assertThat(sensor.read()).contains(new Reading("fake GPU 0", 7, 4096, 0));
            assertThat(sensor.cards()).extracting(GpuCard::uuid).containsExactly(FIRST, SECOND);
            assertThat(sensor.lastFault()).isEmpty();
        }
    }

    @Test
    void the_last_fault_of_each_gpu_is_told_with_its_figures() {
        FakeDriver driver = FakeNvml.install(folder, Map.of("gpus", 2L, "memory", 4096L));
        long before = Clock.system().nanos();
        try (NvmlSensor sensor = new NvmlSensor(driver.folder())) {
            driver.set("xid.1", 31);
            GpuFault first = next(sensor, before);
            driver.set("xid.1", 13);
            GpuFault second = next(sensor, first.seenNanos());
            assertThat(List.of(first.gpu(), second.gpu())).containsOnly(SECOND);
            assertThat(List.of(first.xid(), second.xid())).containsExactly(31L, 13L);
            assertThat(second.seenNanos())
                    .isBetween(first.seenNanos(), Clock.system().nanos());
            assertThat(sensor.cards()).extracting(GpuCard::lastFault).containsExactly(null, second);

            String gpu0 = "[" + FIRST + ", fake GPU 0, 000.00.fake]";
            String gpu1 = "[" + SECOND + ", fake GPU 1, 000.00.fake]";
            assertThat(Figures.of(sensor))
                    .containsEntry("nvremote_gpu_utilization_ratio" + gpu0, 0.07)
                    .containsEntry("nvremote_gpu_memory_bytes" + gpu0, 4096.0 * 1024 * 1024)
                    .containsEntry("nvremote_gpu_memory_used_bytes" + gpu0, 0.0)
                    .containsEntry("nvremote_gpu_encoder_sessions" + gpu0, 2.0)
                    .containsEntry("nvremote_gpu_capture_sessions" + gpu1, 1.0)
                    .containsEntry("nvremote_gpu_faults" + gpu0, 0.0)
                    .containsEntry("nvremote_gpu_faults" + gpu1, 2.0)
                    .containsEntry("nvremote_gpu_last_xid" + gpu1, 13.0)
                    .doesNotContainKey("nvremote_gpu_last_xid" + gpu0);
        }
        assertThat(driver.open()).as("what is left open in the driver").isEmpty();
        assertThat(driver.report()).isEmpty();
    }

    /** A GPU that has no such event, a container that may not hear, an older driver: the figures are told all the same. */
    @ParameterizedTest
    @CsvSource({
        "no_xid, 1, this GPU tells of no faults",
        "no_events, 3, this GPU tells of no faults",
        "no_events, 4, 'this process, or its container, may not hear of its faults'",
        "no_events, 13, the driver is too old to tell of faults"
    })
    void a_driver_that_tells_of_no_faults_tells_its_figures(String key, long value, String why) {
        FakeDriver driver = FakeNvml.install(folder, Map.of(key, value));
        try (NvmlSensor sensor = new NvmlSensor(driver.folder())) {
            assertThat(sensor.read()).isPresent();
            assertThat(sensor.cards()).hasSize(1);
            assertThat(sensor.lastFault()).isEmpty();
            assertThat(new NvmlProbe(driver.folder().resolve(NvmlLibrary.NAME).toString()).listen(Duration.ZERO))
                    .isEqualTo(new NvmlProbe.Listened(0, Map.of(FIRST, why), null));
        }
        assertThat(driver.open()).as("what is left open in the driver").isEmpty();
    }

    /** As with a GPU that fell off the bus, while the others go on. */
    @Test
    void waiting_that_fails_is_tried_again() {
        FakeDriver driver = FakeNvml.install(folder, Map.of("wait_status", 15L));
        try (NvmlSensor sensor = new NvmlSensor(driver.folder())) {
            driver.set("xid.0", 31);
            driver.set("wait_status", 0);
            assertThat(next(sensor, Long.MIN_VALUE).xid()).isEqualTo(31);
        }
        assertThat(driver.open()).as("what is left open in the driver").isEmpty();
    }

    @Test
    void without_a_driver_nothing_is_told() {
        try (NvmlSensor sensor = new NvmlSensor(folder)) {
            assertThat(sensor.read()).isEmpty();
            assertThat(sensor.cards()).isEmpty();
            assertThat(sensor.lastFault()).isEmpty();
            assertThat(Figures.of(sensor)).isEmpty();
        }
    }

    private record Figures(Map<String, Double> told) implements MetricReport {

        static Map<String, Double> of(NvmlSensor sensor) {
            Figures figures = new Figures(new TreeMap<>());
            sensor.report(figures);
            return figures.told();
        }

        @Override
        public void counter(Metric metric, long value, String... labelValues) {
            gauge(metric, (double) value, labelValues);
        }

        @Override
        public void gauge(Metric metric, double value, String... labelValues) {
            told.put(metric.name() + List.of(labelValues), value);
        }
    }
}
