// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.decode.Decoder;
import io.nvremote.decode.DecoderSession;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.Sampling;
import io.nvremote.media.Size;
import io.nvremote.media.SurfaceKind;
import io.nvremote.testcard.TestcardReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What a vendor supplies, and what the parts of {@link EncoderContract} share. */
abstract class EncoderUnderTest {

    static final Size SIZE = new Size(1280, 720);
    /** The smallest that a test card has room on: for what is done often. */
    static final Size SMALL = new Size(640, 360);

    static final FrameRate RATE = new FrameRate(60);
    static final Bitrate BITRATE = Bitrate.ofMegabits(8);

    final List<CodedUnit> units = new ArrayList<>();

    /** The encoder under test. */
    protected abstract Encoder encoder();

    /** A decoder that is believed. */
    protected abstract Decoder decoder();

    /** The codec under test: an encoder of several passes for each. */
    protected Codec codec() {
        return Codec.H264;
    }

    final EncodeSpec spec(Size size) {
        return EncodeSpec.of(codec(), size, RATE, BITRATE);
    }

    static EncodeSpec with(EncodeSpec usual, Sampling sampling, SurfaceKind pictures) {
        return new EncodeSpec(usual.codec(), usual.size(), usual.rate(), usual.bitrate(), sampling, pictures);
    }

    final EncoderSession open(Size size) {
        return encoder().open(spec(size), this::keep);
    }

    final void keep(AccessUnit unit) {
        assertThat(unit.data().isReadOnly())
                .as("the unit's data is lent read-only")
                .isTrue();
        units.add(CodedUnit.copyOf(unit));
    }

    static void encode(EncoderSession session, TestcardFrames cards, int count) {
        for (int i = 0; i < count; i++) {
            session.encode(cards.next(), false);
        }
    }

    /** Decodes all units and returns the numbers read off the pictures, -1 where a card was not readable. */
    final List<Integer> numbersSeen() {
        return numbersSeen(units);
    }

    final List<Integer> numbersSeen(List<CodedUnit> coded) {
        List<Integer> numbers = new ArrayList<>();
        try (DecoderSession session = decoder()
                .open(
                        codec(),
                        frame -> numbers.add(TestcardReader.read(frame.host())
                                .map(mark -> mark.number())
                                .orElse(-1)))) {
            for (CodedUnit unit : coded) {
                assertThat(session.decode(unit.unit())).isEqualTo(DecoderSession.Decoded.PICTURE);
            }
        }
        return numbers;
    }

    static List<Integer> upTo(int count) {
        return IntStream.range(0, count).boxed().toList();
    }
}
