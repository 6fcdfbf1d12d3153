// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.decode.DecoderSession;
import io.nvremote.decode.software.SoftwareDecoder;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import io.nvremote.tck.TestcardFrames;
import io.nvremote.testcard.TestcardMark;
import io.nvremote.testcard.TestcardReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** AV1, by the libaom inside FFmpeg. */
class Av1CoderTest extends FfmpegCoderTest {

    private static final Size LARGE = new Size(1280, 720);

    @Override
    protected Codec codec() {
        return Codec.AV1;
    }

    /** Stretches of cards in which libaom's speeds from 7 on leave a block as it was that should have changed (decision 0051). */
    @ParameterizedTest
    @ValueSource(ints = {404, 958})
    void every_block_that_changes_is_coded(int first) {
        int pictures = 40;
        List<Integer> seen = new ArrayList<>();
        try (TestcardFrames cards = new TestcardFrames(SIZE)) {
            for (int i = 0; i < first; i++) {
                cards.next();
            }
            encode(cards, seen, SIZE, new Bitrate[] {new Bitrate(500_000)}, pictures);
        }
        assertThat(seen)
                .isEqualTo(IntStream.range(first, first + pictures).boxed().toList());
    }

    @Test
    void many_rates_up_and_down_over_snow_leave_every_card_readable() {
        List<Integer> seen = new ArrayList<>();
        Bitrate[] rates = IntStream.of(8, 3, 8, 1, 12, 2, 20, 5)
                .mapToObj(Bitrate::ofMegabits)
                .toArray(Bitrate[]::new);
        try (TestcardFrames cards = TestcardFrames.withSnow(LARGE)) {
            encode(cards, seen, LARGE, rates, 8);
        }
        assertThat(seen).isEqualTo(IntStream.range(0, 64).boxed().toList());
    }

    /** Adds the number of each card that the decoder shows; -1 for one that can't be read. */
    private void encode(TestcardFrames cards, List<Integer> seen, Size size, Bitrate[] rates, int picturesEach) {
        EncodeSpec spec = EncodeSpec.of(codec(), size, new FrameRate(60), rates[0]);
        try (DecoderSession decoder = SoftwareDecoder.standalone()
                        .open(
                                codec(),
                                frame -> seen.add(TestcardReader.read(frame.host())
                                        .map(TestcardMark::number)
                                        .orElse(-1)));
                EncoderSession session = device().open(spec, decoder::decode)) {
            for (Bitrate rate : rates) {
                assertThat(session.retarget(rate)).isEqualTo(rate);
                for (int i = 0; i < picturesEach; i++) {
                    session.encode(cards.next(), false);
                }
            }
        }
    }
}
