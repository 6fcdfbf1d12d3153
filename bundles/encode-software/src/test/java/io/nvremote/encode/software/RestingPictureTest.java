// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.FrameRate;
import io.nvremote.decode.DecoderSession;
import io.nvremote.decode.software.SoftwareDecoder;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.Codec;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.IntBinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How sharp a picture gets that moved before and rests now. */
class RestingPictureTest {

    private static final Size SIZE = new Size(640, 360);
    private static final Bitrate BITRATE = Bitrate.ofMegabits(4);
    private static final int MOVING = 15;
    private static final int[] NOISE = new Random(1).ints(1 << 16, 0, 256).toArray();

    private final int[] pixels = new int[SIZE.width() * SIZE.height()];
    private final MemorySegment memory = Arena.ofAuto().allocate(4L * pixels.length + 64, 64);
    private final HostSurface surface =
            new HostSurface(PixelFormat.BGRA, SIZE, List.of(new HostSurface.Plane(memory, SIZE.width() * 4)));
    private double decibel;
    private long bytes;

    private static int text(int x, int y) {
        boolean ink = (NOISE[(y / 14 * 131 + x / 8) & 0xFFFF] + 37 * (x % 8 * 14 + y % 14)) % 5 == 0;
        return ink && y % 14 < 11 ? 20 : 240;
    }

    private static int film(int x, int y) {
        return (int) (128 + 60 * Math.sin(x / 23.0) * Math.cos(y / 31.0)) + noise(x, y) / 8;
    }

    private static int noise(int x, int y) {
        return NOISE[(y * 641 + x) & 0xFFFF];
    }

    private record Picture(HostSurface surface, long sequence) implements Frame {

        @Override
        public StageStamps stamps() {
            return StageStamps.captured(1, 2);
        }

        @Override
        public Retained retain() {
            throw new UnsupportedOperationException("not needed here");
        }
    }

    @Test
    void what_scrolled_and_stopped_gets_to_40_dB_within_a_second_of_its_rate() {
        LibraryCoderTest.needsTheLibrary();
        assertThat(refined(RestingPictureTest::text, "text")).isGreaterThanOrEqualTo(40);
        assertThat(refined(RestingPictureTest::film, "film")).isGreaterThanOrEqualTo(40);
        assertThat(refined(RestingPictureTest::noise, "snow")).isGreaterThanOrEqualTo(40);
    }

    /** Its encoder knows no steps: the rate has nothing else to do. */
    @ParameterizedTest
    @MethodSource("contents")
    void av1_gets_to_40_dB_by_and_by(String name, IntBinaryOperator content) {
        coded(Codec.AV1, SoftwareSettings.Library.FFMPEG, BITRATE, encoder -> {
            for (int i = 0; i < MOVING; i++) {
                paint(content, i * 8);
                encoder.encode(new Picture(surface, i), false);
            }
            bytes = 0;
            for (int i = 0; i < 20; i++) {
                assertThat(encoder.refine(new Picture(surface, MOVING + i))).isTrue();
            }
            assertThat(decibel).as(name).isGreaterThanOrEqualTo(40);
            assertThat(bytes * 8).as("bits of all of them").isLessThan(BITRATE.bitsPerSecond());
        });
    }

    static Stream<Arguments> contents() {
        return Stream.of(
                content("text", RestingPictureTest::text),
                content("film", RestingPictureTest::film),
                content("snow", RestingPictureTest::noise));
    }

    private static Arguments content(String name, IntBinaryOperator pixels) {
        return Arguments.of(name, pixels);
    }

    /** A clock, a spinner, a film in a window: the rest of the screen is not left as blurred as scrolling made it. */
    @Test
    void what_stands_still_gets_sharp_while_something_small_moves_beside_it() {
        LibraryCoderTest.needsTheLibrary();
        coded(BITRATE, encoder -> {
            for (int i = 0; i < MOVING; i++) {
                paint(RestingPictureTest::text, i * 8);
                encoder.encode(new Picture(surface, i), false);
            }
            double blurred = decibel;
            for (int i = 0; i < 90; i++) {
                int moved = i * 4;
                paint((x, y) -> x < 64 && y < 64 ? noise(x, y + moved) : text(x, y), 0);
                encoder.encode(new Picture(surface, MOVING + i), false);
            }
            assertThat(blurred).isLessThan(25);
            assertThat(decibel).isGreaterThanOrEqualTo(40);
        });
    }

    @Test
    void a_rate_that_was_lowered_is_kept_after_a_rest() {
        LibraryCoderTest.needsTheLibrary();
        coded(Bitrate.ofMegabits(24), encoder -> {
            encoder.retarget(Bitrate.ofMegabits(6));
            scrolled(encoder, 0);
            long before = scrolled(encoder, 30);
            int shown = 60;
            while (encoder.refine(new Picture(surface, shown++))) {
                assertThat(shown).isLessThan(70);
            }
            scrolled(encoder, shown);
            long after = scrolled(encoder, shown + 30);
            assertThat(after).as("of 30 pictures, before the rest " + before).isLessThan(before * 3 / 2);
        });
    }

    /** Thirty pictures; what they take, in bytes. */
    private long scrolled(EncoderSession encoder, int from) {
        bytes = 0;
        for (int i = from; i < from + 30; i++) {
            paint(RestingPictureTest::text, i * 3);
            encoder.encode(new Picture(surface, i), false);
        }
        return bytes;
    }

    private void coded(Bitrate bitrate, Consumer<EncoderSession> what) {
        coded(Codec.H264, SoftwareSettings.Library.SYSTEM, bitrate, what);
    }

    private void coded(Codec codec, SoftwareSettings.Library library, Bitrate bitrate, Consumer<EncoderSession> what) {
        SoftwareSettings settings = new SoftwareSettings(1, 1, library);
        EncodeSpec spec = EncodeSpec.of(codec, SIZE, new FrameRate(30), bitrate);
        try (SoftwareDevice device = new SoftwareDevice(settings, Clock.system());
                DecoderSession decoder =
                        SoftwareDecoder.standalone().open(codec, frame -> decibel = decibel(frame.host()));
                EncoderSession encoder = device.open(spec, unit -> {
                    bytes += unit.data().remaining();
                    decoder.decode(unit);
                })) {
            what.accept(encoder);
        }
    }

    private double refined(IntBinaryOperator content, String name) {
        double[] reached = new double[1];
        coded(BITRATE, encoder -> {
            for (int i = 0; i < MOVING; i++) {
                paint(content, i * 8);
                encoder.encode(new Picture(surface, i), false);
            }
            double blurred = decibel;
            bytes = 0;
            int steps = 1;
            while (encoder.refine(new Picture(surface, MOVING + steps))) {
                steps++;
            }
            assertThat(steps).as(name + ": it ends").isLessThan(10);
            assertThat(bytes * 8).as(name + ": bits of all steps").isLessThan(BITRATE.bitsPerSecond());
            double sharp = decibel;
            encoder.encode(new Picture(surface, 100), true);
            assertThat(blurred).as(name + " that moved").isLessThan(sharp);
            assertThat(decibel).as("a key frame keeps to the rate again").isLessThan(sharp);
            reached[0] = sharp;
        });
        return reached[0];
    }

    private void paint(IntBinaryOperator content, int shift) {
        for (int y = 0; y < SIZE.height(); y++) {
            for (int x = 0; x < SIZE.width(); x++) {
                int grey = Math.clamp(content.applyAsInt(x, y + shift), 0, 255);
                pixels[y * SIZE.width() + x] = 0xFF000000 | grey << 16 | grey << 8 | grey;
            }
        }
        MemorySegment.copy(pixels, 0, memory, ValueLayout.JAVA_INT, 0, pixels.length);
    }

    /** Of luma, which is limited to 16 to 235. */
    private double decibel(HostSurface decoded) {
        HostSurface.Plane luma = decoded.planes().getFirst();
        double squares = 0;
        for (int y = 0; y < SIZE.height(); y++) {
            for (int x = 0; x < SIZE.width(); x++) {
                int coded =
                        Byte.toUnsignedInt(luma.memory().get(ValueLayout.JAVA_BYTE, (long) y * luma.strideBytes() + x));
                double difference = (coded - 16) * 255.0 / 219 - (pixels[y * SIZE.width() + x] & 0xFF);
                squares += difference * difference;
            }
        }
        return 10 * Math.log10(255 * 255 / (squares / pixels.length));
    }
}
