// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.decode.DecodeError;
import io.nvremote.decode.Decoder;
import io.nvremote.decode.DecoderSession;
import io.nvremote.decode.DecoderSession.Decoded;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.Frame;
import io.nvremote.media.Size;
import io.nvremote.testcard.TestcardReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link Decoder} must do, for one codec. */
public abstract class DecoderContract {

    private static final Size SIZE = new Size(1280, 720);

    private final List<Integer> numbers = new ArrayList<>();

    /** The decoder under test. */
    protected abstract Decoder decoder();

    /** An encoder that is believed. */
    protected abstract Encoder encoder();

    /** The codec under test: a decoder of several passes for each. */
    protected Codec codec() {
        return Codec.H264;
    }

    private DecoderSession open() {
        return decoder().open(codec(), frame -> numbers.add(numberOf(frame)));
    }

    private static int numberOf(Frame frame) {
        return TestcardReader.read(frame.host()).map(mark -> mark.number()).orElse(-1);
    }

    /** Units of {@code count} test cards; a key frame at 0 and every {@code keyEvery}. */
    private List<CodedUnit> coded(Size size, int count, int keyEvery) {
        List<CodedUnit> units = new ArrayList<>();
        EncodeSpec spec = EncodeSpec.of(codec(), size, new FrameRate(60), Bitrate.ofMegabits(8));
        try (TestcardFrames cards = new TestcardFrames(size);
                EncoderSession session = encoder().open(spec, unit -> units.add(CodedUnit.copyOf(unit)))) {
            for (int i = 0; i < count; i++) {
                session.encode(cards.next(), i % keyEvery == 0);
            }
        }
        return units;
    }

    @Test
    void it_says_what_it_decodes_and_opens_each_of_it() {
        List<DecoderCapability> capabilities = decoder().capabilities();
        assertThat(capabilities).isNotEmpty();
        for (DecoderCapability one : capabilities) {
            decoder().open(one.codec(), frame -> {}).close();
        }
    }

    @Test
    public void every_unit_gives_its_picture_before_decode_returns() {
        List<CodedUnit> units = coded(SIZE, 60, 1000);
        List<Frame> seen = new ArrayList<>();
        try (DecoderSession session = decoder().open(codec(), frame -> {
            assertThat(frame.size()).isEqualTo(SIZE);
            seen.add(frame);
        })) {
            for (int i = 0; i < units.size(); i++) {
                AccessUnit unit = units.get(i).unit();
                assertThat(session.decode(unit)).isEqualTo(Decoded.PICTURE);
                assertThat(seen).hasSize(i + 1);
                assertThat(seen.getLast().sequence()).isEqualTo(unit.sequence());
                assertThat(seen.getLast().stamps()).isEqualTo(unit.stamps());
            }
        }
    }

    @Test
    public void units_in_heap_memory_are_taken_as_well() {
        try (DecoderSession session = open()) {
            for (CodedUnit coded : coded(SIZE, 5, 1000)) {
                AccessUnit unit = coded.unit();
                byte[] bytes = new byte[unit.data().remaining()];
                unit.data().duplicate().get(bytes);
                ByteBuffer heap = ByteBuffer.wrap(bytes);
                session.decode(new AccessUnit(unit.codec(), heap, unit.keyFrame(), unit.sequence(), unit.stamps()));
                assertThat(heap.remaining()).as("the unit's buffer is borrowed").isEqualTo(bytes.length);
            }
        }
        assertThat(numbers).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    public void a_stream_that_begins_without_a_key_frame_asks_for_one() {
        List<CodedUnit> units = coded(SIZE, 12, 10);
        try (DecoderSession session = open()) {
            for (int i = 1; i < 10; i++) {
                assertThat(session.decode(units.get(i).unit())).isEqualTo(Decoded.NEED_KEY_FRAME);
            }
            assertThat(session.decode(units.get(10).unit())).isEqualTo(Decoded.PICTURE);
            assertThat(session.decode(units.get(11).unit())).isEqualTo(Decoded.PICTURE);
        }
        assertThat(numbers).containsExactly(10, 11);
    }

    @Test
    public void a_unit_that_never_came_is_noticed_and_no_wrong_picture_is_shown() {
        List<CodedUnit> units = coded(SIZE, 32, 30);
        List<Decoded> results = new ArrayList<>();
        try (DecoderSession session = open()) {
            for (int i = 0; i < units.size(); i++) {
                if (i != 10) {
                    results.add(session.decode(units.get(i).unit()));
                }
            }
        }
        assertThat(results.subList(0, 10)).containsOnly(Decoded.PICTURE);
        assertThat(results.subList(10, 29)).containsOnly(Decoded.NEED_KEY_FRAME);
        assertThat(results.subList(29, 31)).containsOnly(Decoded.PICTURE);
        assertThat(numbers).doesNotContain(-1).endsWith(30, 31);
    }

    @Test
    public void damaged_units_never_throw_and_a_key_frame_heals() {
        List<CodedUnit> units = coded(SIZE, 62, 20);
        Random random = new Random(7);
        try (DecoderSession session = open()) {
            for (int i = 0; i < units.size(); i++) {
                AccessUnit unit = units.get(i).unit();
                session.decode(i % 20 == 0 || i > 60 ? unit : damaged(unit, random));
            }
            assertThat(numbers).endsWith(60, 61);
        }
    }

    private static AccessUnit damaged(AccessUnit unit, Random random) {
        ByteBuffer copy = ByteBuffer.allocateDirect(unit.data().remaining());
        copy.put(unit.data().duplicate()).flip();
        for (int i = 0; i < 8; i++) {
            copy.put(random.nextInt(copy.limit()), (byte) random.nextInt());
        }
        copy.limit(1 + random.nextInt(copy.limit()));
        return new AccessUnit(unit.codec(), copy, unit.keyFrame(), unit.sequence(), unit.stamps());
    }

    @Test
    public void an_empty_unit_and_noise_ask_for_a_key_frame() {
        AccessUnit first = coded(SIZE, 1, 1).getFirst().unit();
        byte[] noise = new byte[5000];
        new Random(1).nextBytes(noise);
        try (DecoderSession session = open()) {
            for (ByteBuffer data : List.of(ByteBuffer.allocate(0), ByteBuffer.wrap(noise))) {
                AccessUnit unit = new AccessUnit(codec(), data, true, 0, first.stamps());
                assertThat(session.decode(unit)).isEqualTo(Decoded.NEED_KEY_FRAME);
            }
            assertThat(session.decode(first)).isEqualTo(Decoded.PICTURE);
        }
    }

    @Test
    public void a_new_size_takes_effect_at_its_key_frame() {
        Size small = new Size(640, 360);
        List<CodedUnit> units = new ArrayList<>(coded(SIZE, 3, 1000));
        units.addAll(coded(small, 3, 1000));
        List<Size> sizes = new ArrayList<>();
        try (DecoderSession session = decoder().open(codec(), frame -> sizes.add(frame.size()))) {
            units.forEach(unit -> session.decode(unit.unit()));
        }
        assertThat(sizes).containsExactly(SIZE, SIZE, SIZE, small, small, small);
    }

    @Test
    public void a_retained_picture_keeps_its_content_also_after_close() {
        List<Frame.Retained> retained = new ArrayList<>();
        DecoderSession session = decoder().open(codec(), frame -> {
            if (frame.sequence() == 0) {
                retained.add(frame.retain());
            }
        });
        coded(SIZE, 30, 1000).forEach(unit -> session.decode(unit.unit()));
        assertThat(numberOf(retained.getFirst().frame())).isZero();
        session.close();
        assertThat(numberOf(retained.getFirst().frame())).isZero();
        retained.getFirst().close();
        retained.getFirst().close();
    }

    @Test
    public void a_codec_that_is_not_offered_is_refused() {
        assertThatThrownBy(() -> decoder().open(new Codec("no-such-codec"), frame -> {}))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(DecodeError.CODEC_UNAVAILABLE));
    }

    @Test
    public void close_is_idempotent_and_a_closed_session_says_so() {
        AccessUnit unit = coded(SIZE, 1, 1).getFirst().unit();
        DecoderSession session = open();
        session.decode(unit);
        session.close();
        session.close();
        assertThatThrownBy(() -> session.decode(unit))
                .isInstanceOf(StreamException.class)
                .hasMessageContaining("closed");
        assertThat(numbers).containsExactly(0);
    }
}
