// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nvremote.cli.gpu.GpuCheck;
import io.nvremote.tests.drivers.FakeDriver;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuCheckCommandTest {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final List<GpuCheck> AROUND_THE_RATE =
            List.of(GpuCheck.NVENC_INSTANCE, GpuCheck.H264_RATE, GpuCheck.NVENC_CAPS, GpuCheck.NVENC_SESSIONS);

    @TempDir
    private Path folder;

    private @Nullable FakeDriver driver;

    /** The class path of this test, and a fake driver that behaves so. */
    private GpuCheckCommand command(Collection<GpuCheck> checks, Map<String, Long> behaviour, Duration limit) {
        return new GpuCheckCommand(
                checks,
                new GpuCheckCommand.Parts() {
                    @Override
                    public List<Path> classPath(Path work) {
                        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                                .map(Path::of)
                                .toList();
                    }

                    @Override
                    public Path fakeDriver(Path work) throws IOException {
                        driver = FakeDriver.install(Files.createTempDirectory(folder, "machine"), behaviour);
                        return driver.folder();
                    }
                },
                limit);
    }

    private CommandRun onTheFake(Collection<GpuCheck> checks, Map<String, Long> behaviour, String... options) {
        needsTheFake();
        List<String> all =
                Stream.concat(Stream.of("--fake-gpu"), Stream.of(options)).toList();
        return CommandRun.of(command(checks, behaviour, LIMIT), all.toArray(String[]::new));
    }

    private static void needsTheFake() {
        if (!FakeDriver.isThere() || !FakeDriver.makesAv1() || !FakeDriver.makesHevc()) {
            lacks("it takes gcc, libc6-dev, libopenh264-7, libx265-199 and libaom3");
        }
    }

    private static void lacks(String what) {
        if ("true".equals(System.getenv("CI"))) {
            fail("gpu-check on the fake driver: " + what);
        }
        Assumptions.abort("NOT PROVEN: gpu-check: " + what);
    }

    /** States by the names of checks; each line of the output is one, but for the summary at the end. */
    private static Map<String, String> states(CommandRun run) {
        Map<String, String> found = new LinkedHashMap<>();
        List<String> lines = run.out().lines().toList();
        for (String line : lines.subList(0, lines.size() - 1)) {
            assertThat(line).matches("(PASS      |FAIL      |NOT PROVEN)  .{20}  \\S.{10,}");
            found.put(line.substring(12, 32).strip(), line.substring(0, 10).strip());
        }
        return found;
    }

    private static String line(CommandRun run, GpuCheck check) {
        return run.out()
                .lines()
                .filter(line -> line.length() > 12 && line.substring(12).startsWith(check.title()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_machine_without_a_driver_proves_nothing_and_each_line_says_why() throws IOException {
        if (Files.exists(Path.of("/proc/driver/nvidia/version"))) {
            lacks("this machine has an NVIDIA driver");
        }
        CommandRun run = CommandRun.of(command(EnumSet.allOf(GpuCheck.class), Map.of(), LIMIT));
        assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(3);
        assertThat(states(run))
                .hasSize(GpuCheck.values().length)
                .allSatisfy((check, state) -> assertThat(state).as(check).isEqualTo("NOT PROVEN"));
        assertThat(line(run, GpuCheck.LIBRARY_CUDA)).contains("install NVIDIA's driver (Debian: libcuda1)", "compute");
        assertThat(line(run, GpuCheck.H264_PICTURES)).contains("install NVIDIA's driver");
        assertThat(run.out()).endsWith("0 PASS, 0 FAIL, " + GpuCheck.values().length + " NOT PROVEN; driver none\n");

        CommandRun asJson = CommandRun.of(command(EnumSet.allOf(GpuCheck.class), Map.of(), LIMIT), "--json");
        assertThat(asJson.exit()).isEqualTo(3);
        JsonNode root = new ObjectMapper().readTree(asJson.out());
        assertThat(root.at("/machine/fake").asBoolean(true)).isFalse();
        assertThat(root.at("/machine/driver").asText()).isEqualTo("none");
        assertThat(root.at("/machine/devices").isArray()).isTrue();
        assertThat(root.path("checks"))
                .hasSize(GpuCheck.values().length)
                .allSatisfy(each -> assertThat(each.path("state").asText()).isEqualTo("NOT PROVEN"));
        assertThat(root.path("checks")).allSatisfy(each -> assertThat(run.out())
                .contains(each.path("check").asText())
                .contains(each.path("reason").asText()));
    }

    @Test
    void on_the_fake_driver_what_it_can_show_passes_and_each_such_line_says_what_it_is() throws IOException {
        CommandRun run = onTheFake(EnumSet.allOf(GpuCheck.class), Map.of());
        assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(3);
        Map<String, String> states = states(run);
        assertThat(states).hasSize(GpuCheck.values().length).doesNotContainValue("FAIL");
        for (GpuCheck check : List.of(
                GpuCheck.LIBRARY_ML,
                GpuCheck.LIBRARY_CUDA,
                GpuCheck.NVML_FIGURES,
                GpuCheck.NVML_XID,
                GpuCheck.LIBRARY_ENCODE,
                GpuCheck.LIBRARY_FBC,
                GpuCheck.CUDA_DEVICES,
                GpuCheck.CUDA_KERNEL,
                GpuCheck.NVENC_INSTANCE,
                GpuCheck.NVENC_SESSION,
                GpuCheck.NVENC_CAPS,
                GpuCheck.H264_PICTURES,
                GpuCheck.H264_KEY_FRAME,
                GpuCheck.H264_RATE,
                GpuCheck.HEVC_PICTURES,
                GpuCheck.HEVC_KEY_FRAME,
                GpuCheck.HEVC_RATE,
                GpuCheck.AV1_PICTURES,
                GpuCheck.AV1_RATE,
                GpuCheck.NVENC_SESSIONS,
                GpuCheck.WORKER_RESTART,
                GpuCheck.NVFBC_INSTANCE)) {
            assertThat(line(run, check)).startsWith("PASS").contains("  fake driver: ");
        }
        for (GpuCheck check : List.of(GpuCheck.HEVC_LOSS, GpuCheck.H264_LOSS, GpuCheck.NVENC_SPEED_1080P60)) {
            assertThat(line(run, check)).startsWith("NOT PROVEN").contains("the fake driver can't show it");
        }
        assertThat(run.out().lines().filter(line -> line.startsWith("PASS")))
                .allMatch(line -> line.contains("  fake driver: "));
        assertThat(run.out()).endsWith("driver fake: NO GPU, the NVIDIA driver of the tests\n");
        assertThat(Objects.requireNonNull(driver).report())
                .as("what the fake driver says")
                .isEmpty();
        assertThat(Files.readString(Path.of("/proc/self/maps")))
                .as("nothing but a child calls the driver's encoder")
                .doesNotContain("libnvidia-encode", "libnvidia-fbc");
    }

    @Test
    void json_of_a_fake_driver_says_so_and_names_its_devices() throws IOException {
        CommandRun run = onTheFake(List.of(GpuCheck.CUDA_DEVICES, GpuCheck.NVENC_CAPS), Map.of("gpus", 2L), "--json");
        assertThat(run.exit()).isZero();
        JsonNode root = new ObjectMapper().readTree(run.out());
        assertThat(root.at("/machine/fake").asBoolean()).isTrue();
        assertThat(root.at("/machine/devices").findValuesAsText("name")).containsExactly("fake GPU 0", "fake GPU 1");
        assertThat(root.path("checks").findValuesAsText("state")).containsExactly("PASS", "PASS");
        assertThat(root.at("/checks/1/figures/h264").asText()).contains("145x49 to 4096x4096", "live rate");
    }

    @Test
    void a_gpu_is_told_with_all_its_figures_and_who_can_not_hear_its_faults_says_why() {
        CommandRun run = onTheFake(
                List.of(GpuCheck.NVML_FIGURES, GpuCheck.NVML_XID),
                Map.of("memory", 4096L, "told_sessions", 3L, "told_captures", 5L, "no_events", 4L));
        assertThat(run.exit()).isEqualTo(3);
        assertThat(line(run, GpuCheck.NVML_FIGURES))
                .startsWith("PASS")
                .contains(
                        "driver = 000.00.fake",
                        "GPU-f0f0f0f0-f0f0-f0f0-f0f0-f0f0f0f0f0f0",
                        "fake GPU 0, 4096 MiB, 0 of them used, load 7 %, encoder sessions 3, capture sessions 5");
        assertThat(line(run, GpuCheck.NVML_XID)).startsWith("NOT PROVEN").contains("may not hear of its faults");
    }

    @Test
    void the_result_is_left_with_a_host_agent_that_is_named() throws IOException {
        Path agent = Files.createDirectory(folder.resolve("agent"));
        CommandRun run = onTheFake(List.of(GpuCheck.CUDA_DEVICES), Map.of(), "--json", "--host-data", agent.toString());
        assertThat(run.exit()).isZero();
        assertThat(agent).isDirectoryContaining("glob:**/gpu-check.json");
        assertThat(agent.resolve("gpu-check.json")).hasContent(run.out());
        Path none = folder.resolve("none");
        assertThat(CommandRun.of(command(List.of(), Map.of(), LIMIT), "--host-data", none.toString()))
                .satisfies(refused -> assertThat(refused.exit()).isEqualTo(2))
                .satisfies(refused -> assertThat(refused.err()).contains("no such folder: " + none));
    }

    /** In the one check that calls that function: the checks around it are made all the same. */
    @Test
    void a_driver_that_crashes_fails_the_check_in_which_it_does() {
        CommandRun run = onTheFake(AROUND_THE_RATE, Map.of("crash.nvEncReconfigureEncoder", 1L));
        assertThat(run.exit()).isEqualTo(1);
        assertThat(states(run).values()).containsExactly("PASS", "FAIL", "PASS", "PASS");
        assertThat(line(run, GpuCheck.H264_RATE))
                .contains("the process that called the driver ended by SIGSEGV in C [libnvidia-encode.so.1");
    }

    @Test
    void a_driver_that_never_returns_fails_the_check_in_which_it_does() {
        needsTheFake();
        CommandRun run = CommandRun.of(
                command(AROUND_THE_RATE, Map.of("hang.nvEncReconfigureEncoder", 1L), Duration.ofSeconds(60)),
                "--fake-gpu");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(states(run).values()).containsExactly("PASS", "FAIL", "PASS", "PASS");
        assertThat(line(run, GpuCheck.H264_RATE)).contains("did not come back within 60 s");
    }

    @Test
    void a_gpu_without_an_encoder_takes_the_words_of_each_version_and_streams_are_not_proven() {
        CommandRun run = onTheFake(
                List.of(GpuCheck.CUDA_KERNEL, GpuCheck.NVENC_SESSION, GpuCheck.H264_PICTURES, GpuCheck.WORKER_RESTART),
                Map.of("no_encoder.0", 2L));
        assertThat(run.exit()).isEqualTo(3);
        assertThat(states(run).values()).containsExactly("PASS", "PASS", "NOT PROVEN", "NOT PROVEN");
        assertThat(line(run, GpuCheck.NVENC_SESSION)).contains("11.1: no encoder (status 2)", "13.1: no encoder");
        assertThat(line(run, GpuCheck.H264_PICTURES)).contains("no encoder on this GPU");
    }

    /** With the fake's encoder that is exact and may refer to any picture. */
    @Test
    void pictures_after_a_loss_are_proven_where_the_encoder_has_older_ones_to_refer_to() {
        CommandRun run = onTheFake(List.of(GpuCheck.H264_LOSS), Map.of("lossless", 1L));
        assertThat(run.exit()).as(run.out()).isZero();
        assertThat(line(run, GpuCheck.H264_LOSS)).contains("is whole, without a key frame");
    }

    @Test
    void a_driver_with_a_limit_of_sessions_refuses_the_next_and_has_room_again() {
        CommandRun run = onTheFake(List.of(GpuCheck.NVENC_SESSIONS), Map.of("sessions", 3L));
        assertThat(run.exit()).as(run.out()).isZero();
        assertThat(line(run, GpuCheck.NVENC_SESSIONS)).contains("3 at once, the next is refused: ");
    }

    /** What a driver does wrong, the check that finds it, and what it says. */
    @ParameterizedTest
    @CsvSource({
        "garbage_after, 5, H264_PICTURES, DEVICE_LOST",
        "lost_after, 5, H264_KEY_FRAME, DEVICE_LOST",
        "most_bits, 1, H264_RATE, Mbit/s a second after",
        "lost, 1, NVENC_CAPS, DEVICE_LOST",
        "xid_after, 2, NVML_XID, Xid 79 on GPU-f0f0",
        "wait_status, 15, NVML_XID, status 15"
    })
    void what_is_wrong_with_a_driver_is_a_fail(String key, long value, GpuCheck check, String said) {
        CommandRun run = onTheFake(List.of(check), Map.of(key, value));
        assertThat(run.exit()).as(run.out()).isEqualTo(1);
        assertThat(line(run, check)).startsWith("FAIL").contains(said);
    }

    @Test
    void without_the_runtimes_it_says_what_to_build() {
        String home = System.getProperty("nvremote.home");
        System.setProperty("nvremote.home", folder.toString());
        try {
            CommandRun run = CommandRun.of(new Main(), "gpu-check");
            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).contains("runtime host-agent is not built; run ./build");
        } finally {
            if (home == null) {
                System.clearProperty("nvremote.home");
            } else {
                System.setProperty("nvremote.home", home);
            }
        }
    }
}
