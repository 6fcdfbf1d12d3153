// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu.nvml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.nvremote.gpu.nvml.NvmlProbe.Card;
import io.nvremote.tests.drivers.FakeDriver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fake driver: what is told of a machine's GPUs. */
class NvmlProbeTest {

    @TempDir
    Path folder;

    private String driver(Map<String, Long> behaviour) {
        if (!FakeDriver.isThere()) {
            String lacks =
                    "NVML on the fake driver, which needs a C compiler and openh264: gcc, libc6-dev and libopenh264-7";
            if ("true".equals(System.getenv("CI"))) {
                fail(lacks);
            }
            Assumptions.abort("NOT PROVEN: " + lacks);
        }
        return FakeDriver.install(folder, behaviour)
                .folder()
                .resolve("libnvidia-ml.so.1")
                .toString();
    }

    @Test
    void each_gpu_is_told_with_its_sessions() {
        String library = driver(Map.of("gpus", 2L, "memory", 4096L, "told_sessions", 3L, "told_captures", 5L));
        NvmlProbe probe = new NvmlProbe(library);
        assertThat(probe.driverVersion()).isEqualTo("000.00.fake");
        assertThat(probe.cards())
                .containsExactly(
                        new Card("fake GPU 0", "GPU-f0f0f0f0-f0f0-f0f0-f0f0-f0f0f0f0f0f0", 7, 4096, 3, 5),
                        new Card("fake GPU 1", "GPU-f1f1f1f1-f1f1-f1f1-f1f1-f1f1f1f1f1f1", 7, 4096, 3, 5));
        NvmlLibrary sensor = Objects.requireNonNull(NvmlLibrary.open(library));
        assertThat(sensor.read()).hasValueSatisfying(now -> {
            assertThat(now.name()).isEqualTo("fake GPU 0");
            assertThat(now.load()).isEqualTo(7);
            assertThat(now.memoryTotalMb()).isEqualTo(4096);
            assertThat(now.memoryUsedMb()).isZero();
        });
    }

    @Test
    void a_machine_without_gpus_and_one_without_a_library_are_two_things() throws Exception {
        assertThat(new NvmlProbe(driver(Map.of("gpus", 0L))).cards()).isEmpty();
        Path none = Files.createDirectory(folder.resolve("none")).resolve("libnvidia-ml.so.1");
        assertThatThrownBy(() -> new NvmlProbe(none.toString())).isInstanceOf(UnsatisfiedLinkError.class);
    }
}
