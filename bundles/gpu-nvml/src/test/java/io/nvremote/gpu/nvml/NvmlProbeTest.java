// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu.nvml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.gpu.GpuCard;
import io.nvremote.tests.drivers.FakeDriver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fake driver: what is told of a machine's GPUs. */
class NvmlProbeTest {

    static final String FIRST = "GPU-f0f0f0f0-f0f0-f0f0-f0f0-f0f0f0f0f0f0";
    static final String SECOND = "GPU-f1f1f1f1-f1f1-f1f1-f1f1-f1f1f1f1f1f1";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private NvmlProbe probe(Map<String, Long> behaviour) {
        return new NvmlProbe(library(FakeNvml.install(folder, behaviour)));
    }

    private static String library(FakeDriver driver) {
        return driver.folder().resolve(NvmlLibrary.NAME).toString();
    }

    @Test
    void each_gpu_is_told_with_its_sessions() {
        NvmlProbe probe = probe(Map.of("gpus", 2L, "memory", 4096L, "told_sessions", 3L, "told_captures", 5L));
        assertThat(probe.driverVersion()).isEqualTo("000.00.fake");
        assertThat(probe.cards())
                .containsExactly(
                        new GpuCard(FIRST, "fake GPU 0", "000.00.fake", 7, 4096L, 0L, 3, 5, null),
                        new GpuCard(SECOND, "fake GPU 1", "000.00.fake", 7, 4096L, 0L, 3, 5, null));
    }

    @Test
    void a_machine_without_gpus_and_one_without_a_library_are_two_things() throws Exception {
        assertThat(probe(Map.of("gpus", 0L)).cards()).isEmpty();
        Path none = Files.createDirectory(folder.resolve("none")).resolve(NvmlLibrary.NAME);
        assertThatThrownBy(() -> new NvmlProbe(none.toString())).isInstanceOf(UnsatisfiedLinkError.class);
    }

    /** In another process as here: it is there before anybody listens, and told to whoever does. */
    @Test
    void a_fault_ends_the_time_of_listening() {
        NvmlProbe.Listened listened = probe(Map.of("xid_after", 3L)).listen(PATIENCE);
        assertThat(listened.heard()).isEqualTo(1);
        assertThat(listened.fault().gpu()).isEqualTo(FIRST);
        assertThat(listened.fault().xid()).isEqualTo(79);
    }

    @Test
    void without_a_fault_the_time_of_listening_ends() {
        assertThat(probe(Map.of("gpus", 2L)).listen(Duration.ofMillis(50)))
                .isEqualTo(new NvmlProbe.Listened(2, Map.of(), null));
    }
}
