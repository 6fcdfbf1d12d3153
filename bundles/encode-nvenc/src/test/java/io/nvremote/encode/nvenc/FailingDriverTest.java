// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Bitrate;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncoderSession;
import io.nvremote.tck.TestcardFrames;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fake driver: point 9, a driver that fails while a stream runs. */
class FailingDriverTest {

    @TempDir
    private Path folder;

    private static void lost(EncoderSession session, TestcardFrames cards, String words) {
        assertThatThrownBy(() -> session.encode(cards.next(), false))
                .hasMessageContaining(words)
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(EncodeError.DEVICE_LOST));
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 20})
    void point_9_a_device_that_is_lost_in_encode_ends_the_stream_and_another_may_be_opened(long status) {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("lost_after", 3L, "lost_status", status));
                TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE)) {
            Units units = new Units();
            EncoderSession session = machine.device().open(FakeMachine.SPEC, units);
            session.encode(cards.next(), false);
            session.encode(cards.next(), false);
            lost(session, cards, "NVENC codes no picture: status " + status);
            assertThat(units.all()).hasSize(2);
            session.close();
            EncoderSession next = machine.device().open(FakeMachine.SPEC, units);
            next.encode(cards.next(), false);
            assertThat(units.all()).hasSize(3);
        }
    }

    @Test
    void point_9_a_gpu_that_is_gone_for_good_ends_the_stream_and_lets_it_be_closed() {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of());
                TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE)) {
            EncoderSession session = machine.device().open(FakeMachine.SPEC, new Units());
            session.encode(cards.next(), false);
            machine.driver().set("lost", 1);
            lost(session, cards, "CUDA error 700");
            session.close();
            assertThatThrownBy(() -> machine.device().open(FakeMachine.SPEC, new Units()))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(EncodeError.DEVICE_LOST));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"busy", "lock_busy"})
    void point_9_a_driver_that_is_busy_three_times_is_asked_again(String what) {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of());
                TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE)) {
            Units units = new Units();
            EncoderSession session = machine.device().open(FakeMachine.SPEC, units);
            session.encode(cards.next(), false);
            machine.driver().set(what, 3);
            session.encode(cards.next(), false);
            assertThat(units.all()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"busy", "lock_busy"})
    void point_9_a_driver_that_stays_busy_is_given_up(String what) {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of());
                TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE)) {
            EncoderSession session = machine.device().open(FakeMachine.SPEC, new Units());
            machine.driver().set(what, 1_000_000);
            lost(session, cards, "status 1");
            machine.driver().set(what, 0);
            lost(session, cards, "NVENC failed before");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 0x7fffffff, 10_000_000})
    void point_9_a_length_that_no_unit_has_is_not_believed(long bytes) {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("garbage_after", 2L, "garbage", bytes));
                TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE)) {
            Units units = new Units();
            EncoderSession session = machine.device().open(FakeMachine.SPEC, units);
            session.encode(cards.next(), false);
            lost(session, cards, "NVENC hands over a unit of " + (bytes & 0xFFFF_FFFFL) + " bytes");
            assertThat(units.all()).hasSize(1);
        }
    }

    @Test
    void a_rate_that_the_driver_refuses_leaves_the_stream_at_its_own() {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("most_bits", 20_000_000L));
                TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE)) {
            Units units = new Units();
            EncoderSession session = machine.device().open(FakeMachine.SPEC, units);
            session.encode(cards.next(), false);
            session.retarget(Bitrate.ofMegabits(40));
            session.encode(cards.next(), false);
            session.retarget(Bitrate.ofMegabits(10));
            session.encode(cards.next(), false);
            assertThat(session.retarget(Bitrate.ofMegabits(10))).isEqualTo(Bitrate.ofMegabits(10));
            assertThat(units.all()).hasSize(3);
            assertThat(units.keyFrames()).containsExactly(0L);
        }
    }

    @Test
    void a_reference_that_the_driver_no_longer_has_leaves_the_stream_as_it_is() {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("lossless", 1L, "kept", 2L));
                TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE)) {
            Units units = new Units();
            EncoderSession session = machine.device().open(FakeMachine.SPEC, units);
            for (int i = 0; i < 10; i++) {
                session.encode(cards.next(), false);
            }
            session.lost(4, 5);
            session.encode(cards.next(), false);
            assertThat(units.all()).hasSize(11);
            assertThat(units.keyFrames()).containsExactly(0L);
        }
    }

    /** Nothing in a process can end such a call: what it holds comes back with the end of the process, and only so. */
    @Test
    void point_9_a_lock_that_never_returns_is_ended_with_its_process_and_leaves_no_session() throws Exception {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("sessions", 1L, "hang_after", 1L), "", 1);
                EncodingProcess other = new EncodingProcess(machine.driver().folder(), 1)) {
            assertThat(other.said()).isEqualTo("open");
            other.tell("encode");
            assertThat(other.said()).isEqualTo("encoding");
            assertThatThrownBy(() -> machine.device().open(FakeMachine.SPEC, unit -> {}))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(EncodeError.DEVICE_FULL));
            assertThat(other.process().isAlive()).isTrue();
            other.kill();
            machine.device().open(FakeMachine.SPEC, unit -> {}).close();
        }
    }
}
