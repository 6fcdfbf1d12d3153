// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Bitrate;
import io.nvremote.core.StreamException;
import io.nvremote.decode.DecoderSession;
import io.nvremote.decode.software.SoftwareDecoder;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import io.nvremote.tck.TestcardFrames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fake driver: what is opened, refused and ended. */
class NvencDeviceTest {

    @TempDir
    private Path folder;

    private static EncodeSpec spec(Codec codec, Size size) {
        return EncodeSpec.of(codec, size, FakeMachine.SPEC.rate(), FakeMachine.SPEC.bitrate());
    }

    private static void refused(ThrowingCallable call, EncodeError code, String words) {
        assertThatThrownBy(call)
                .hasMessageContaining(words)
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @ParameterizedTest
    @CsvSource({"641, 361, 640x360", "640, 361, 640x360", "641, 360, 640x360"})
    void a_picture_of_odd_width_or_height_loses_its_last_column_or_row(int width, int height, String coded) {
        Size size = new Size(width, height);
        List<String> sizes = new ArrayList<>();
        try (FakeMachine machine = FakeMachine.with(folder, Map.of());
                TestcardFrames cards = new TestcardFrames(size);
                DecoderSession decoder = SoftwareDecoder.standalone()
                        .open(Codec.H264, frame -> sizes.add(frame.size().toString()));
                EncoderSession session = machine.device().open(spec(Codec.H264, size), decoder::decode)) {
            session.encode(cards.next(), false);
            session.encode(cards.next(), false);
        }
        assertThat(sizes).containsExactly(coded, coded);
    }

    @ParameterizedTest
    @CsvSource({"4098, 1080", "1920, 4098", "128, 128", "1920, 48"})
    void a_size_beyond_what_the_gpu_does_is_refused_with_what_it_does(int width, int height) {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of())) {
            refused(
                    () -> machine.device().open(spec(Codec.H264, new Size(width, height)), unit -> {}),
                    EncodeError.SPEC_REFUSED,
                    "NVENC on fake GPU 0 makes h264 of 145x49 to 4096x4096: " + width + "x" + height);
        }
    }

    @Test
    void sizes_that_no_picture_has_are_no_limits() {
        try (FakeMachine machine =
                FakeMachine.with(folder, Map.of("least", 0L, "width", 32_768L, "height", 1_000_000L))) {
            machine.device().open(FakeMachine.SPEC, unit -> {}).close();
        }
    }

    /** In each version: what the driver was asked for, and which unit is a key frame. */
    @ParameterizedTest
    @CsvSource({
        "1101, hevc",
        "1200, av1",
        "1201, hevc",
        "1202, av1",
        "1202, hevc",
        "1300, av1",
        "1301, av1",
        "1301, hevc"
    })
    void hevc_and_av1_are_made_where_the_driver_makes_them(long api, String name) {
        Codec codec = new Codec(name);
        Units units = new Units();
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("api", api));
                TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE);
                EncoderSession session = machine.device().open(spec(codec, FakeMachine.SIZE), units)) {
            session.encode(cards.next(), false);
            session.encode(cards.next(), false);
            session.retarget(NvencSession.clamped(new Bitrate(1)));
            session.encode(cards.next(), true);
            session.lost(1, 1);
            session.encode(cards.next(), false);
        }
        assertThat(units.keyFrames()).containsExactly(0L, 2L);
        assertThat(units.all()).hasSize(4).extracting(AccessUnit::codec).containsOnly(codec);
    }

    @ParameterizedTest
    @CsvSource({"1301, 2, av1", "1301, 1, hevc", "1101, 3, av1"})
    void a_codec_that_the_gpu_does_not_make_is_refused(long api, long codecs, String name) {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("api", api, "codecs", codecs))) {
            refused(
                    () -> machine.device().open(spec(new Codec(name), FakeMachine.SIZE), unit -> {}),
                    EncodeError.SPEC_REFUSED,
                    "only: " + name);
        }
    }

    @Test
    void what_is_refused_without_a_driver_needs_none() {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("gpus", 0L))) {
            refused(
                    () -> machine.device().open(spec(new Codec("vp9"), FakeMachine.SIZE), unit -> {}),
                    EncodeError.SPEC_REFUSED,
                    "NVENC makes [h264, hevc, av1] only: vp9");
        }
    }

    @Test
    void a_driver_that_comes_later_is_found_by_the_next_stream() {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("gpus", 0L))) {
            refused(
                    () -> machine.device().open(FakeMachine.SPEC, unit -> {}),
                    EncodeError.DEVICE_UNAVAILABLE,
                    "no GPU");
            machine.driver().set("gpus", 1);
            machine.device().open(FakeMachine.SPEC, unit -> {}).close();
        }
    }

    @Test
    void a_device_that_goes_ends_its_streams_and_gives_back_the_gpu() {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of());
                TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE)) {
            EncoderSession session = machine.device().open(FakeMachine.SPEC, unit -> {});
            session.encode(cards.next(), false);
            machine.device().close();
            assertThat(machine.driver().open()).isEmpty();
            machine.device().close();
            refused(() -> session.encode(cards.next(), false), EncodeError.DEVICE_LOST, "closed");
            refused(() -> machine.device().open(FakeMachine.SPEC, unit -> {}), EncodeError.DEVICE_LOST, "going away");
        }
    }

    /** A sink that closes everything is inside a stream: that ends after its unit, and the GPU with it. */
    @Test
    void a_device_that_goes_from_within_a_sink_gives_back_the_gpu_after_the_unit() {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of());
                TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE)) {
            List<Map<String, Integer>> open = new ArrayList<>();
            EncoderSession session = machine.device().open(FakeMachine.SPEC, unit -> {
                machine.device().close();
                open.add(machine.driver().open());
            });
            session.encode(cards.next(), false);
            assertThat(open).hasSize(1).first().satisfies(left -> assertThat(left)
                    .containsKey("sessions"));
            assertThat(machine.driver().open()).isEmpty();
        }
    }

    /** The driver would say what it is asked for and can't do. */
    @ParameterizedTest
    @ValueSource(strings = {"references", "buffers", "retargets", "invalidates"})
    void a_gpu_that_can_do_less_is_asked_for_less(String less) {
        Units units = new Units();
        try (FakeMachine machine = FakeMachine.with(folder, Map.of(less, 0L, "lossless", 1L));
                TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE);
                EncoderSession session = machine.device().open(FakeMachine.SPEC, units)) {
            for (int i = 0; i < 8; i++) {
                session.encode(cards.next(), false);
            }
            Bitrate inForce = session.retarget(Bitrate.ofMegabits(1));
            assertThat(inForce)
                    .isEqualTo(less.equals("retargets") ? FakeMachine.SPEC.bitrate() : Bitrate.ofMegabits(1));
            session.lost(5, 5);
            session.encode(cards.next(), false);
        }
        assertThat(units.keyFrames()).containsExactly(0L);
        assertThat(units.all()).hasSize(9);
    }

    /** Four streams, each with a thread that codes and others that want another rate, report losses and end it. */
    @Test
    void streams_do_not_disturb_each_other_whatever_is_asked_of_them_meanwhile() throws Exception {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("lossless", 1L))) {
            List<CompletableFuture<Integer>> streams = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int rounds = 40 + 10 * i;
                streams.add(elsewhere(() -> disturbed(machine.device(), rounds)));
            }
            for (int i = 0; i < 4; i++) {
                assertThat(streams.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(40 + 10 * i);
            }
        }
    }

    /** How many units came of so many pictures before somebody else ended the stream. */
    private static int disturbed(NvencDevice device, int rounds) {
        Units units = new Units();
        EncoderSession session = device.open(FakeMachine.SPEC, units);
        AtomicBoolean on = new AtomicBoolean(true);
        CompletableFuture<Integer> other = elsewhere(() -> {
            int asked = 0;
            while (on.get()) {
                session.retarget(new Bitrate(1_000_000 + asked % 7 * 500_000L));
                session.lost(asked % 60, asked % 60 + 2);
                asked++;
                Thread.onSpinWait();
            }
            session.close();
            return asked;
        });
        try (TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE)) {
            for (int i = 0; i < rounds; i++) {
                session.encode(cards.next(), i % 13 == 0);
            }
            on.set(false);
            assertThat(other.join()).isPositive();
            refused(() -> session.encode(cards.next(), false), EncodeError.DEVICE_LOST, "closed");
        }
        return units.all().size();
    }

    private static <T> CompletableFuture<T> elsewhere(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                result.complete(work.get());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    @ParameterizedTest
    @ValueSource(strings = {"a file", "a link"})
    void slots_that_can_not_be_counted_are_no_reason_to_run_uncounted(String what) throws Exception {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of())) {
            Path slots = machine.driver().folder().resolve("slots");
            if (what.equals("a file")) {
                Files.createFile(slots);
            } else {
                Files.createSymbolicLink(slots, folder);
            }
            refused(
                    () -> machine.device().open(FakeMachine.SPEC, unit -> {}),
                    EncodeError.DEVICE_UNAVAILABLE,
                    "streams can't be counted in " + slots);
        }
    }

    @Test
    void slots_in_a_folder_of_another_user_are_not_counted() throws Exception {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")), "NOT PROVEN: a folder of another user's; needs root");
        try (FakeMachine machine = FakeMachine.with(folder, Map.of())) {
            Path slots = Files.createDirectory(machine.driver().folder().resolve("slots"));
            Files.setAttribute(slots, "unix:uid", 65534);
            refused(
                    () -> machine.device().open(FakeMachine.SPEC, unit -> {}),
                    EncodeError.DEVICE_UNAVAILABLE,
                    "it is no folder of this process's user");
        }
    }

    @Test
    void a_hundred_streams_leave_nothing() {
        try (FakeMachine machine = FakeMachine.with(folder, Map.of());
                TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE)) {
            for (int i = 0; i < 100; i++) {
                try (EncoderSession session = machine.device().open(FakeMachine.SPEC, unit -> {})) {
                    session.encode(cards.next(), false);
                }
            }
        }
    }
}
