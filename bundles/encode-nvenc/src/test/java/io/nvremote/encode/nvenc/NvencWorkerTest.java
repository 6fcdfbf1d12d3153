// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Bitrate;
import io.nvremote.core.StreamException;
import io.nvremote.decode.Decoder;
import io.nvremote.decode.software.SoftwareDecoder;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.worker.MediaWorkers;
import io.nvremote.tck.EncoderContract;
import io.nvremote.tck.TestcardFrames;
import io.nvremote.tests.drivers.FakeDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fake driver: the encoder as a host has it, in worker processes; the TCK, and a driver that takes its process with it. */
class NvencWorkerTest extends EncoderContract {

    @TempDir
    private Path folder;

    private MediaWorkers workers;
    private NvencEncoder encoder;
    private FakeDriver driver;

    @BeforeEach
    void start() throws IOException {
        workers = MediaWorkers.standalone();
        use(Map.of());
    }

    private void use(Map<String, Long> behaviour) {
        if (encoder != null) {
            encoder.close();
        }
        driver = FakeMachine.driver(folder, behaviour);
        encoder = new NvencEncoder(FakeMachine.settings(driver.folder(), "", 8), workers);
    }

    @AfterEach
    void stop() {
        encoder.close();
        workers.close();
        assertThat(driver.report()).as("what the fake driver says").isEmpty();
    }

    @Override
    protected Encoder encoder() {
        return encoder;
    }

    @Override
    protected Decoder decoder() {
        return SoftwareDecoder.standalone();
    }

    /** Each process's thirtieth lock never returns, or picture is refused: it is ended, and the next one encodes that picture. */
    @ParameterizedTest
    @CsvSource({"hang_after, 0", "lost_after, 20", "lost_after, 5"})
    void a_driver_that_never_returns_or_loses_its_device_costs_no_picture(String failing, long status) {
        use(Map.of(failing, 30L, "lost_status", status));
        List<Long> sequences = new ArrayList<>();
        List<Long> keyFrames = new ArrayList<>();
        try (TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE);
                EncoderSession session = encoder.open(FakeMachine.SPEC, unit -> {
                    sequences.add(unit.sequence());
                    if (unit.keyFrame()) {
                        keyFrames.add(unit.sequence());
                    }
                })) {
            for (int i = 0; i < 40; i++) {
                session.encode(cards.next(), false);
            }
        }
        assertThat(sequences).isEqualTo(LongStream.range(0, 40).boxed().toList());
        assertThat(keyFrames).hasSize(2).startsWith(0L);
    }

    @Test
    void the_reserve_is_for_running_streams_of_all_workers() {
        use(Map.of("sessions", 2L, "full", 21L));
        try (EncoderSession first = encoder.open(FakeMachine.SPEC, unit -> {})) {
            assertThatThrownBy(() -> encoder.open(FakeMachine.SPEC, unit -> {}))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(EncodeError.DEVICE_FULL))
                    .hasMessageContaining("in reserve for streams that run");
            encoder.takeOver(FakeMachine.SPEC, unit -> {}).close();
            assertThat(first.retarget(Bitrate.ofMegabits(2))).isEqualTo(Bitrate.ofMegabits(2));
        }
    }

    /** Each process loses its device at its first picture: after three the encoder is given up, and says why. */
    @Test
    void a_device_that_is_lost_again_and_again_is_given_up() {
        use(Map.of("lost_after", 1L));
        try (TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE);
                EncoderSession session = encoder.open(FakeMachine.SPEC, unit -> {})) {
            assertThatThrownBy(() -> session.encode(cards.next(), false))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(EncodeError.DEVICE_LOST))
                    .hasMessageContaining("lost its device: NVENC codes no picture: status 20");
            assertThat(cards.held()).isZero();
        }
    }

    @Test
    void what_the_driver_refuses_is_told_with_its_own_code() {
        use(Map.of("no_encoder.0", 1L));
        assertThatThrownBy(() -> encoder.open(FakeMachine.SPEC, unit -> {}))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(EncodeError.DEVICE_UNAVAILABLE));
    }

    @Test
    void without_a_driver_there_is_no_worker_and_it_says_what_lacks() {
        NvencEncoder none = new NvencEncoder(FakeMachine.settings(folder, "", 8), workers);
        assertThatThrownBy(() -> none.open(FakeMachine.SPEC, unit -> {}))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(EncodeError.DEVICE_UNAVAILABLE))
                .hasMessageContaining("libcuda.so.1");
        none.close();
    }
}
