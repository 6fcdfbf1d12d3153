// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.decode.DecoderSession;
import io.nvremote.decode.software.SoftwareDecoder;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.EncoderSession;
import io.nvremote.encode.nvenc.NvencLibrary.Call;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import io.nvremote.tck.TestcardFrames;
import io.nvremote.testcard.TestcardMark;
import io.nvremote.testcard.TestcardReader;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fake driver: point 8, a rate that changes while pictures go on. */
class RateTest {

    private static final long RATE = 40;
    private static final Bitrate LOW = new Bitrate(300_000);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1101, 1200, 1201, 1202, 1300, 1301})
    void point_8_another_rate_is_kept_and_needs_no_key_frame(long api) {
        Units units = new Units();
        try (FakeMachine machine = FakeMachine.with(folder, Map.of("api", api));
                TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE);
                EncoderSession session = machine.device().open(FakeMachine.SPEC, units)) {
            for (Bitrate rate : new Bitrate[] {FakeMachine.SPEC.bitrate(), LOW, FakeMachine.SPEC.bitrate()}) {
                assertThat(session.retarget(rate)).isEqualTo(rate);
                for (int i = 0; i < 60; i++) {
                    session.encode(cards.next(), false);
                }
            }
        }
        assertThat(units.keyFrames()).containsExactly(0L);
        assertThat(units.bytes(90, 120)).isLessThan(units.bytes(30, 60) * 3 / 4);
        assertThat(units.bytes(150, 180)).isGreaterThan(units.bytes(90, 120) * 4 / 3);
    }

    /** Snow and a fall of the rate are what one speed of the libaom in the fake driver does not survive. */
    @ParameterizedTest
    @ValueSource(strings = {"hevc", "av1"})
    void many_rates_up_and_down_over_snow_leave_every_card_readable_without_a_key_frame(String name) {
        Codec codec = new Codec(name);
        FakeMachine.needs(codec);
        EncodeSpec spec = EncodeSpec.of(codec, new Size(1280, 720), new FrameRate(60), Bitrate.ofMegabits(8));
        List<Integer> seen = new ArrayList<>();
        Units units = new Units();
        try (FakeMachine machine = FakeMachine.with(folder, Map.of());
                TestcardFrames cards = TestcardFrames.withSnow(spec.size());
                DecoderSession decoder = SoftwareDecoder.standalone()
                        .open(
                                codec,
                                frame -> seen.add(TestcardReader.read(frame.host())
                                        .map(TestcardMark::number)
                                        .orElse(-1)));
                EncoderSession session = machine.device().open(spec, unit -> {
                    units.accept(unit);
                    decoder.decode(unit);
                })) {
            for (int megabits : new int[] {8, 3, 8, 1, 12, 3, 2, 20, 5}) {
                session.retarget(Bitrate.ofMegabits(megabits));
                for (int i = 0; i < (megabits == 8 ? 60 : 10); i++) {
                    session.encode(cards.next(), false);
                }
            }
        }
        assertThat(seen).isEqualTo(IntStream.range(0, 190).boxed().toList());
        assertThat(units.keyFrames()).containsExactly(0L);
    }

    @Test
    void point_8_a_rate_without_its_buffer_shows_in_the_bits() {
        int both = bytesAfter(config -> {});
        int rateAlone = bytesAfter(config -> {
            int before = Math.toIntExact(FakeMachine.SPEC.bitrate().bitsPerSecond())
                    / FakeMachine.SPEC.rate().perSecond();
            config.set(JAVA_INT, RATE + 28, before);
            config.set(JAVA_INT, RATE + 32, before);
        });
        assertThat(rateAlone).isGreaterThan(both * 4 / 3);
    }

    /** Of a half second, a half second after the rate was lowered by hand. */
    private int bytesAfter(Consumer<MemorySegment> change) {
        RawStream stream = new RawStream(FakeMachine.driver(folder, Map.of()), structs -> structs).open(config -> {});
        int bytes = 0;
        try (TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE)) {
            for (int i = 0; i < 120; i++) {
                if (i == 60) {
                    MemorySegment request = stream.parameters.retarget(LOW);
                    change.accept(stream.config());
                    RawStream.check(stream.library.call(Call.RECONFIGURE_ENCODER, stream.session, request));
                }
                stream.load(cards.next().host());
                int unit = stream.unit(picture -> {}).length;
                bytes += i < 90 ? 0 : unit;
            }
        }
        stream.close();
        return bytes;
    }
}
