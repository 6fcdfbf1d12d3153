// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.encode.EncoderSession;
import io.nvremote.encode.nvenc.NvencLibrary.Call;
import io.nvremote.tck.TestcardFrames;
import io.nvremote.tests.drivers.FakeDriver;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fake driver: what it finds out, by a stream that breaks one rule. The encoder itself breaks none: that is said of every other test. */
class DriverRulesTest {

    private static final int PICTURE_TYPE_IDR = 3;
    private static final int FORCE_IDR = 2;

    @TempDir
    private Path folder;

    private FakeDriver driver;

    @BeforeEach
    void install() {
        driver = FakeMachine.driver(folder, Map.of());
    }

    private static void asItIs(MemorySegment structure) {
        assertThat(structure).isNotNull();
    }

    private RawStream stream() {
        return new RawStream(driver, UnaryOperator.identity()).open(DriverRulesTest::asItIs);
    }

    private void found(String... words) {
        assertThat(driver.report()).hasSize(words.length);
        for (int i = 0; i < words.length; i++) {
            assertThat(driver.report().get(i)).contains(words[i]);
        }
    }

    @Test
    void a_stream_by_hand_that_keeps_the_rules_is_not_reported() {
        RawStream stream = stream();
        assertThat(Units.nalTypes(stream.unit(DriverRulesTest::asItIs))).contains(Units.SPS, Units.IDR);
        assertThat(Units.nalTypes(stream.unit(DriverRulesTest::asItIs))).doesNotContain(Units.IDR);
        stream.close();
        found();
        assertThat(driver.open()).isEmpty();
    }

    @Test
    void point_2_the_type_of_a_picture_is_ignored_and_the_flag_alone_forces_a_key_frame() {
        RawStream stream = stream();
        stream.unit(DriverRulesTest::asItIs);
        assertThat(Units.nalTypes(stream.unit(picture -> picture.set(JAVA_INT, 72, PICTURE_TYPE_IDR))))
                .doesNotContain(Units.IDR);
        assertThat(Units.nalTypes(stream.unit(picture -> picture.set(JAVA_INT, 16, FORCE_IDR))))
                .contains(Units.SPS, Units.IDR);
        stream.close();
    }

    @Test
    void point_2_parameter_sets_come_with_the_first_key_frame_only_unless_they_are_asked_for() {
        int repeat = 1 << 12;
        RawStream stream = new RawStream(driver, UnaryOperator.identity())
                .open(config -> config.set(JAVA_INT, 168, config.get(JAVA_INT, 168) & ~repeat));
        assertThat(Units.nalTypes(stream.unit(DriverRulesTest::asItIs))).contains(Units.SPS, Units.IDR);
        assertThat(Units.nalTypes(stream.unit(picture -> picture.set(JAVA_INT, 16, FORCE_IDR))))
                .contains(Units.IDR)
                .doesNotContain(Units.SPS);
        stream.close();
    }

    @Test
    void point_2_the_pitch_is_not_the_width() {
        RawStream stream = stream();
        assertThat(stream.picture.memory().pitchBytes()).isNotEqualTo(FakeMachine.SIZE.width());
        MemorySegment mapped = stream.map();
        assertThat(stream.encode(mapped, picture -> picture.set(JAVA_INT, 12, FakeMachine.SIZE.width())))
                .isEqualTo(NvencStatus.INVALID_PARAMETER);
        found("pitch");
    }

    @Test
    void point_2_a_preset_left_as_it_is_makes_key_frames_of_its_own() {
        RawStream stream = new RawStream(driver, UnaryOperator.identity()).open(config -> config.set(JAVA_INT, 20, 60));
        int keyFrames = 0;
        for (int i = 0; i < 61; i++) {
            keyFrames += Units.nalTypes(stream.unit(DriverRulesTest::asItIs)).contains(Units.IDR) ? 1 : 0;
        }
        assertThat(keyFrames).isEqualTo(2);
        stream.close();
    }

    @Test
    void point_3_a_call_of_a_thread_without_the_context_is_refused() {
        RawStream stream = stream();
        MemorySegment mapped = stream.map();
        int status = CompletableFuture.supplyAsync(() -> stream.encode(mapped, DriverRulesTest::asItIs))
                .join();
        assertThat(status).isEqualTo(NvencStatus.INVALID_VERSION);
        found("nvEncEncodePicture without the session's context current");
    }

    @Test
    void point_3_memory_of_a_thread_without_the_context_is_refused_with_201() {
        RawStream stream = stream();
        String message = CompletableFuture.supplyAsync(() -> {
                    try {
                        return "taken: " + stream.cuda.allocate(64, 64);
                    } catch (RuntimeException e) {
                        return e.getMessage();
                    }
                })
                .join();
        assertThat(message).contains("CUDA error 201");
        found("cuMemAlloc_v2 without a current context");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void point_3_the_encoder_takes_each_call_from_another_thread(boolean virtual) {
        Thread.Builder threads = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
        try (FakeMachine machine = FakeMachine.with(folder, Map.of());
                TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE)) {
            Units units = new Units();
            EncoderSession session = elsewhere(threads, () -> machine.device().open(FakeMachine.SPEC, units));
            for (int i = 0; i < 3; i++) {
                elsewhere(threads, () -> {
                    session.encode(cards.next(), false);
                    return session;
                });
            }
            elsewhere(threads, () -> {
                session.close();
                return session;
            });
            assertThat(units.all()).hasSize(3);
        }
    }

    private static <T> T elsewhere(Thread.Builder threads, Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        threads.start(() -> {
            try {
                result.complete(work.get());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.join();
    }

    @Test
    void point_4_a_picture_that_is_not_mapped_is_refused() {
        RawStream stream = stream();
        assertThat(stream.encode(stream.resource, DriverRulesTest::asItIs)).isEqualTo(NvencStatus.INVALID_PARAMETER);
        found("the picture is not mapped");
    }

    @Test
    void point_4_mapping_twice_and_unmapping_twice_are_found_out() {
        RawStream stream = stream();
        MemorySegment mapped = stream.map();
        assertThatThrownBy(stream::map).hasMessageContaining("16");
        stream.library.call(Call.UNMAP_INPUT_RESOURCE, stream.session, mapped);
        stream.library.call(Call.UNMAP_INPUT_RESOURCE, stream.session, mapped);
        found("mapped twice", "not mapped");
    }

    @Test
    void point_4_a_wrong_order_at_the_end_is_found_out() {
        RawStream stream = stream();
        MemorySegment mapped = stream.map();
        stream.picture.close();
        stream.library.call(Call.UNREGISTER_RESOURCE, stream.session, stream.resource);
        stream.library.call(Call.DESTROY_ENCODER, stream.session);
        assertThat(mapped).isNotNull();
        found("memory is freed that an encoder has registered", "still mapped", "bitstreams left");
    }

    @Test
    void point_4_a_context_that_goes_before_its_memory_is_found_out() {
        RawStream stream = stream();
        stream.leave();
        found("a context is released before its memory is freed");
        assertThat(driver.open())
                .containsEntry("memory", 2)
                .containsEntry("sessions", 1)
                .containsEntry("resources", 1)
                .containsEntry("bitstreams", 1);
    }

    @Test
    void point_4_a_unit_that_stays_locked_stops_the_next_picture() {
        RawStream stream = stream();
        MemorySegment mapped = stream.map();
        assertThat(stream.encode(mapped, DriverRulesTest::asItIs)).isEqualTo(NvencStatus.SUCCESS);
        assertThat(stream.encode(mapped, DriverRulesTest::asItIs)).isEqualTo(NvencStatus.INVALID_PARAMETER);
        found("the output is in use");
    }

    @Test
    void a_picture_that_a_kernel_still_writes_is_found_out() {
        RawStream stream = stream();
        try (TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE)) {
            stream.load(cards.next().host());
        }
        stream.unit(DriverRulesTest::asItIs);
        found();
        stream.runWithoutWaiting();
        stream.unit(DriverRulesTest::asItIs);
        found("a kernel still writes the picture");
    }
}
