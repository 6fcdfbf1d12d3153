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
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import io.nvremote.testcard.TestcardReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What every {@link Decoder} must do, for one codec. */
public abstract class DecoderContract {

    private static final Size SIZE = new Size(1280, 720);
    private static final Size SMALL = new Size(640, 360);
    private static final long UNIT_BYTES = 64 << 10;

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
    public void it_says_what_it_decodes_and_opens_each_of_it() {
        List<DecoderCapability> capabilities = decoder().capabilities();
        assertThat(capabilities).extracting(DecoderCapability::codec).contains(codec());
        for (DecoderCapability one : capabilities) {
            decoder().open(one.codec(), frame -> {}).close();
        }
    }

    @Test
    public void every_unit_gives_its_picture_before_decode_returns() {
        List<CodedUnit> units = coded(SIZE, 60, 1000);
        List<Frame> seen = new ArrayList<>();
        Thread caller = Thread.currentThread();
        try (DecoderSession session = decoder().open(codec(), frame -> {
            assertThat(frame.size()).isEqualTo(SIZE);
            assertThat(Thread.currentThread()).isEqualTo(caller);
            seen.add(frame);
        })) {
            for (int i = 0; i < units.size(); i++) {
                AccessUnit unit = units.get(i).unit();
                assertThat(session.decode(unit)).isEqualTo(Decoded.PICTURE);
                assertThat(unit.data().remaining())
                        .as("the unit's buffer is borrowed")
                        .isEqualTo(units.get(i).bytes())
                        .isPositive();
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

    /** Units of a card in colour until it is sharp. */
    private List<CodedUnit> coded(ColourCard card, Size size) {
        List<CodedUnit> units = new ArrayList<>();
        EncodeSpec spec = EncodeSpec.of(codec(), size, new FrameRate(60), Bitrate.ofMegabits(8));
        try (EncoderSession session = encoder().open(spec, unit -> units.add(CodedUnit.copyOf(unit)))) {
            for (int i = 0; i < 3; i++) {
                session.encode(card.frame(i, null), false);
            }
        }
        return units;
    }

    @Test
    public void colours_come_back_in_every_size() {
        for (Size size : List.of(SMALL, new Size(650, 366))) {
            List<List<String>> wrong = new ArrayList<>();
            try (ColourCard card = new ColourCard(size, PixelFormat.BGRA, 0);
                    DecoderSession session = decoder().open(codec(), frame -> {
                        assertThat(frame.size()).isEqualTo(size);
                        wrong.add(card.wrong(frame.host()));
                    })) {
                coded(card, size).forEach(unit -> session.decode(unit.unit()));
            }
            assertThat(wrong.getLast()).as(size.toString()).isEmpty();
        }
    }

    @Test
    public void a_sink_that_throws_does_not_break_the_session() {
        List<CodedUnit> units = coded(SMALL, 4, 2);
        try (DecoderSession session = decoder().open(codec(), frame -> {
            if (frame.sequence() == 1) {
                throw new IllegalStateException("the sink failed");
            }
            numbers.add(numberOf(frame));
        })) {
            session.decode(units.get(0).unit());
            assertThatThrownBy(() -> session.decode(units.get(1).unit())).hasMessage("the sink failed");
            assertThat(session.decode(units.get(2).unit())).isEqualTo(Decoded.PICTURE);
        }
        assertThat(numbers).containsExactly(0, 2);
    }

    @Test
    public void close_from_another_thread_waits_for_a_running_decode() throws Exception {
        List<Closer> closing = new ArrayList<>();
        List<DecoderSession> opened = new ArrayList<>();
        AccessUnit unit = coded(SMALL, 1, 1).getFirst().unit();
        opened.add(decoder().open(codec(), frame -> {
            closing.add(Closer.start(() -> opened.getFirst().close()));
            assertThat(closing.getFirst().waits())
                    .as("close waits for a lent picture")
                    .isTrue();
            numbers.add(numberOf(frame));
        }));
        opened.getFirst().decode(unit);
        closing.getFirst().join();
        assertThat(numbers).containsExactly(0);
    }

    @Test
    public void streams_that_are_opened_at_once_are_each_their_own() {
        Decoder decoder = decoder();
        List<Callable<List<Size>>> streams = new ArrayList<>();
        List<List<Size>> expected = new ArrayList<>();
        for (Size size : List.of(SMALL, new Size(656, 368), new Size(672, 384), new Size(704, 400))) {
            List<CodedUnit> units = coded(size, 3, 1000);
            streams.add(() -> sizes(decoder, units));
            expected.add(List.of(size, size, size));
        }
        AtOnce.rounds(() -> assertThat(AtOnce.all(streams)).isEqualTo(expected));
    }

    private List<Size> sizes(Decoder decoder, List<CodedUnit> units) {
        List<Size> sizes = new ArrayList<>();
        try (DecoderSession session = decoder.open(codec(), frame -> sizes.add(frame.size()))) {
            units.forEach(unit -> session.decode(unit.unit()));
        }
        return sizes;
    }

    @Test
    public void opening_and_closing_leaves_nothing_behind() {
        AccessUnit unit = coded(SMALL, 1, 1).getFirst().unit();
        Decoder decoder = decoder();
        Growth.assertNoneBySession(() -> {
            try (DecoderSession session = decoder.open(codec(), frame -> {})) {
                session.decode(unit);
            }
        });
    }

    @Test
    public void pictures_leave_nothing_behind() {
        List<CodedUnit> units = coded(SMALL, 20, 20);
        try (DecoderSession session =
                decoder().open(codec(), frame -> frame.retain().close())) {
            Growth.assertNoneByStep(LongRun.times(2, 5), 20 * UNIT_BYTES, () -> {
                units.forEach(unit -> session.decode(unit.unit()));
            });
        }
    }

    /** Three of four pictures may take longer; the fourth takes at most two intervals of 60 in a second, or as long as the encoder. */
    @Test
    public void it_keeps_up_with_sixty_pictures_in_a_second() {
        long encoding = System.nanoTime();
        List<CodedUnit> units = coded(SMALL, 40, 1000);
        encoding = (System.nanoTime() - encoding) / units.size();
        List<Long> decoding = new ArrayList<>();
        try (DecoderSession session = open()) {
            for (CodedUnit unit : units) {
                long begin = System.nanoTime();
                session.decode(unit.unit());
                decoding.add(System.nanoTime() - begin);
            }
        }
        Collections.sort(decoding);
        assertThat(decoding.get(decoding.size() / 4))
                .as("nanoseconds that a quarter of the pictures stays below; encoding: %s", encoding)
                .isLessThanOrEqualTo(Math.max(2 * new FrameRate(60).intervalNanos(), encoding));
    }
}
