// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fake driver: how many streams there may be, and on which GPU. */
class SessionsTest {

    private static final String FIRST = "GPU-f0f0f0f0-f0f0-f0f0-f0f0-f0f0f0f0f0f0";
    private static final String SECOND = "GPU-f1f1f1f1-f1f1-f1f1-f1f1-f1f1f1f1f1f1";

    @TempDir
    private Path folder;

    private static void refused(ThrowingCallable call, EncodeError code, String words) {
        assertThatThrownBy(call)
                .hasMessageContaining(words)
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 21})
    void point_5_a_driver_without_a_further_session_is_full_and_a_closed_one_makes_room(long status) {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("sessions", 2L, "full", status))) {
            List<EncoderSession> open = new ArrayList<>();
            open.add(machine.device().open(FakeMachine.SPEC, unit -> {}));
            open.add(machine.device().takeOver(FakeMachine.SPEC, unit -> {}));
            String why = "all encoder sessions of the driver are in use";
            refused(() -> machine.device().open(FakeMachine.SPEC, unit -> {}), EncodeError.DEVICE_FULL, why);
            refused(() -> machine.device().takeOver(FakeMachine.SPEC, unit -> {}), EncodeError.DEVICE_FULL, why);
            open.removeFirst().close();
            open.add(machine.device().takeOver(FakeMachine.SPEC, unit -> {}));
        }
    }

    /** The driver's limit is known to nobody: with each it is the last session that only a running stream gets. */
    @ParameterizedTest
    @CsvSource({"2, 10", "3, 21", "5, 21"})
    void the_last_session_of_the_driver_is_kept_for_streams_that_run(int sessions, long status) {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("sessions", (long) sessions, "full", status))) {
            List<EncoderSession> open = new ArrayList<>();
            for (int i = 1; i < sessions; i++) {
                open.add(machine.device().open(FakeMachine.SPEC, unit -> {}));
            }
            refused(
                    () -> machine.device().open(FakeMachine.SPEC, unit -> {}),
                    EncodeError.DEVICE_FULL,
                    "one more session alone, in reserve for streams that run");
            for (int i = 1; i < sessions; i++) {
                EncoderSession successor = machine.device().takeOver(FakeMachine.SPEC, unit -> {});
                open.removeFirst().close();
                open.add(successor);
            }
            refused(
                    () -> machine.device().open(FakeMachine.SPEC, unit -> {}),
                    EncodeError.DEVICE_FULL,
                    "one more session alone, in reserve for streams that run");
            open.removeFirst().close();
            open.add(machine.device().open(FakeMachine.SPEC, unit -> {}));
            open.forEach(EncoderSession::close);
        }
    }

    @Test
    void the_last_of_our_own_sessions_is_kept_for_streams_that_run() {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of(), "", 3)) {
            EncoderSession first = machine.device().open(FakeMachine.SPEC, unit -> {});
            EncoderSession second = machine.device().open(FakeMachine.SPEC, unit -> {});
            refused(
                    () -> machine.device().open(FakeMachine.SPEC, unit -> {}),
                    EncodeError.DEVICE_FULL,
                    "all processes together run 2 streams on " + FIRST + ", sessions.max is 3");
            EncoderSession third = machine.device().takeOver(FakeMachine.SPEC, unit -> {});
            refused(
                    () -> machine.device().takeOver(FakeMachine.SPEC, unit -> {}),
                    EncodeError.DEVICE_FULL,
                    "all processes together run 3 streams on " + FIRST);
            List.of(first, second, third).forEach(EncoderSession::close);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 8", "8, 1"})
    void a_gpu_of_one_session_keeps_none_in_reserve(long sessions, int own) {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("sessions", sessions), "", own)) {
            machine.device().open(FakeMachine.SPEC, unit -> {}).close();
        }
    }

    /** Four processes' worth of streams that all come at once never take the last session, and none waits for ever. */
    @Test
    void streams_that_come_at_once_leave_the_reserve_too() throws Exception {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("sessions", 4L, "full", 21L));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Queue<EncoderSession> open = new ConcurrentLinkedQueue<>();
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                all.add(threads.submit(() -> open.add(machine.device().open(FakeMachine.SPEC, unit -> {}))));
            }
            int refused = 0;
            for (Future<?> each : all) {
                try {
                    each.get();
                } catch (ExecutionException e) {
                    assertThat(e.getCause()).isInstanceOfSatisfying(StreamException.class, why -> assertThat(why.code())
                            .isEqualTo(EncodeError.DEVICE_FULL));
                    refused++;
                }
            }
            assertThat(open).hasSize(3);
            assertThat(refused).isEqualTo(9);
            open.forEach(EncoderSession::close);
        }
    }

    @Test
    void point_5_the_driver_counts_over_processes_and_one_that_is_killed_makes_room() throws Exception {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("sessions", 2L));
                EncodingProcess other = new EncodingProcess(machine.driver().folder(), 8)) {
            assertThat(other.said()).isEqualTo("open");
            EncoderSession own = machine.device().takeOver(FakeMachine.SPEC, unit -> {});
            refused(
                    () -> machine.device().takeOver(FakeMachine.SPEC, unit -> {}),
                    EncodeError.DEVICE_FULL,
                    "all encoder sessions of the driver are in use");
            other.kill();
            machine.device().takeOver(FakeMachine.SPEC, unit -> {}).close();
            own.close();
        }
    }

    @Test
    void point_5_our_own_limit_counts_over_processes_and_one_that_is_killed_makes_room() throws Exception {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of(), "", 2);
                EncodingProcess other = new EncodingProcess(machine.driver().folder(), 2)) {
            assertThat(other.said()).isEqualTo("open");
            EncoderSession own = machine.device().takeOver(FakeMachine.SPEC, unit -> {});
            refused(
                    () -> machine.device().takeOver(FakeMachine.SPEC, unit -> {}),
                    EncodeError.DEVICE_FULL,
                    "all processes together run 2 streams on " + FIRST);
            other.kill();
            machine.device().takeOver(FakeMachine.SPEC, unit -> {}).close();
            own.close();
        }
    }

    @Test
    void point_4_what_a_process_leaves_open_at_its_end_is_reported() throws Exception {
        var driver = FakeMachine.driver(folder, Map.of());
        try (EncodingProcess other = new EncodingProcess(driver.folder(), 8)) {
            assertThat(other.said()).isEqualTo("open");
            other.tell("encode");
            assertThat(other.said()).isEqualTo("encoding");
            assertThat(other.said()).isEqualTo("encoded");
            other.tell("enough");
            other.tell("exit");
            assertThat(other.process().waitFor()).isZero();
        }
        assertThat(driver.report())
                .containsExactly(
                        "left: 1 contexts",
                        "left: 1 streams",
                        "left: 1 modules",
                        "left: 2 memory",
                        "left: 1 sessions",
                        "left: 1 resources",
                        "left: 1 bitstreams");
    }

    @Test
    void point_5_a_gpu_without_memory_says_so() {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of())) {
            machine.device().open(FakeMachine.SPEC, unit -> {}).close();
            machine.driver().set("memory", 200);
            refused(
                    () -> machine.device().open(FakeMachine.SPEC, unit -> {}),
                    EncodeError.DEVICE_FULL,
                    "has 200 MiB of memory left");
            machine.driver().set("memory", 301);
            EncodeSpec large =
                    EncodeSpec.of(Codec.H264, new Size(3840, 2160), new FrameRate(60), Bitrate.ofMegabits(4));
            machine.device().open(large, unit -> {}).close();
            machine.driver().set("room", 8);
            refused(() -> machine.device().open(large, unit -> {}), EncodeError.DEVICE_FULL, "its memory is full");
            machine.driver().set("room", 16);
            refused(() -> machine.device().open(large, unit -> {}), EncodeError.DEVICE_FULL, "its memory is full");
            machine.driver().set("room", 8192);
            machine.device().open(large, unit -> {}).close();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void point_6_a_gpu_without_an_encoder_is_refused_with_the_reason(long status) {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("no_encoder.0", status))) {
            refused(
                    () -> machine.device().open(FakeMachine.SPEC, unit -> {}),
                    EncodeError.DEVICE_UNAVAILABLE,
                    FIRST
                            + " (fake GPU 0): NVENC opens no session on fake GPU 0: no encoder on this GPU, or a container");
        }
    }

    @Test
    void point_6_no_gpu_at_all_is_refused() {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("gpus", 0L))) {
            refused(
                    () -> machine.device().open(FakeMachine.SPEC, unit -> {}),
                    EncodeError.DEVICE_UNAVAILABLE,
                    "NVIDIA's driver sees no GPU");
        }
    }

    @Test
    void point_6_where_only_some_gpus_of_a_container_encode_the_first_that_does_is_taken() {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("gpus", 2L, "no_encoder.0", 2L))) {
            machine.device().open(FakeMachine.SPEC, unit -> {}).close();
            assertThat(machine.device().gpuInUse()).isEqualTo(SECOND);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, " + FIRST, "0, " + SECOND, "1, " + FIRST, "1, " + SECOND})
    void point_6_a_gpu_is_found_by_its_uuid_whatever_its_index_is(long reordered, String uuid) {
        Map<String, Long> behaviour = Map.of("gpus", 2L, "reordered", reordered);
        try (FakeMachine machine = FakeMachine.with(folder, behaviour, uuid, 8)) {
            machine.device().open(FakeMachine.SPEC, unit -> {}).close();
            assertThat(machine.device().gpuInUse()).isEqualTo(uuid);
        }
    }

    @Test
    void point_6_a_uuid_that_no_gpu_has_is_refused_with_those_that_there_are() {
        String other = "GPU-00000000-0000-0000-0000-000000000000";
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("gpus", 2L), other, 8)) {
            refused(
                    () -> machine.device().open(FakeMachine.SPEC, unit -> {}),
                    EncodeError.DEVICE_UNAVAILABLE,
                    "no GPU " + other + ": [" + FIRST + ", " + SECOND + "]");
        }
    }
}
