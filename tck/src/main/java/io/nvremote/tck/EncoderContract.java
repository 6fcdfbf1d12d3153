// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.Frame;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Sampling;
import io.nvremote.media.Size;
import io.nvremote.media.SurfaceKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Encoder} must do, for one codec. What is inherited is part of it: pictures in colour and to their edges
 * ({@code EncoderPictures}), and what it takes of the machine, alone and from many threads ({@code EncoderResources}).
 */
public abstract class EncoderContract extends EncoderResources {

    private static final int MANY = LongRun.times(300, 5000);
    private static final Bitrate LOW = Bitrate.ofMegabits(1);

    private List<Integer> keyFrames() {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < units.size(); i++) {
            if (units.get(i).unit().keyFrame()) {
                places.add(i);
            }
        }
        return places;
    }

    @Test
    public void every_frame_gives_its_access_unit_before_encode_returns() {
        Set<Thread> threads = new HashSet<>();
        try (TestcardFrames cards = new TestcardFrames(SIZE);
                EncoderSession session = encoder().open(spec(SIZE), unit -> {
                    threads.add(Thread.currentThread());
                    keep(unit);
                })) {
            for (int i = 0; i < 60; i++) {
                Frame frame = cards.next();
                session.encode(frame, false);
                assertThat(units).hasSize(i + 1);
                assertThat(threads).containsOnly(Thread.currentThread());
                AccessUnit unit = units.getLast().unit();
                assertThat(unit.codec()).isEqualTo(codec());
                assertThat(unit.sequence()).isEqualTo(frame.sequence());
            }
            assertThat(cards.held()).as("frames still retained").isZero();
        }
    }

    @Test
    public void stamps_are_kept_and_added_in_order() {
        try (TestcardFrames cards = new TestcardFrames(SIZE);
                EncoderSession session = open(SIZE)) {
            for (int i = 0; i < 5; i++) {
                Frame frame = cards.next();
                session.encode(frame, false);
                var stamps = units.getLast().unit().stamps();
                assertThat(stamps.shownNanos()).isEqualTo(frame.stamps().shownNanos());
                assertThat(stamps.capturedNanos()).isEqualTo(frame.stamps().capturedNanos());
                assertThat(stamps.convertedNanos()).isGreaterThanOrEqualTo(stamps.capturedNanos());
                assertThat(stamps.encodedNanos())
                        .isGreaterThanOrEqualTo(stamps.convertedNanos())
                        .isLessThanOrEqualTo(Clock.system().nanos());
                assertThat(stamps.sentNanos()).isZero();
            }
        }
    }

    @Test
    public void every_one_of_many_frames_comes_back_with_number_and_checksum() {
        try (TestcardFrames cards = new TestcardFrames(SIZE);
                EncoderSession session = open(SIZE)) {
            encode(session, cards, MANY);
        }
        assertThat(numbersSeen()).isEqualTo(upTo(MANY));
    }

    @Test
    public void the_first_unit_is_a_key_frame_and_no_other_unless_asked_for() {
        try (TestcardFrames cards = new TestcardFrames(SIZE);
                EncoderSession session = open(SIZE)) {
            encode(session, cards, 20);
            session.encode(cards.next(), true);
            encode(session, cards, 20);
        }
        assertThat(keyFrames()).containsExactly(0, 20);
    }

    @Test
    public void a_key_frame_carries_its_parameter_sets() {
        try (TestcardFrames cards = new TestcardFrames(SIZE);
                EncoderSession session = open(SIZE)) {
            session.encode(cards.next(), false);
            session.encode(cards.next(), false);
            session.encode(cards.next(), true);
        }
        List<String> needed = CodedParts.ofKeyFrame(codec());
        assertThat(units.get(0).parts()).containsAll(needed);
        assertThat(units.get(1).parts()).doesNotContainAnyElementsOf(needed);
        assertThat(units.get(2).parts()).containsAll(needed);
    }

    @Test
    public void a_stream_can_be_entered_at_any_key_frame() {
        try (TestcardFrames cards = new TestcardFrames(SIZE);
                EncoderSession session = open(SIZE)) {
            encode(session, cards, 10);
            session.encode(cards.next(), true);
            encode(session, cards, 10);
        }
        units.subList(0, 10).clear();
        assertThat(numbersSeen()).isEqualTo(upTo(21).subList(10, 21));
    }

    @Test
    public void the_rate_is_kept_and_another_comes_into_force_while_pictures_go_on() {
        try (TestcardFrames cards = TestcardFrames.withSnow(SIZE);
                EncoderSession session = open(SIZE)) {
            encode(session, cards, 120);
            assertThat(session.retarget(LOW)).isEqualTo(LOW);
            encode(session, cards, 180);
        }
        assertThat(numbersSeen()).isEqualTo(upTo(300));
        assertBytes(BITRATE, bytes(60, 120));
        assertBytes(LOW, bytes(240, 300));
    }

    /** Of a second of pictures that could use any rate: near it, with the room that rate control over a second needs. */
    private static void assertBytes(Bitrate rate, int bytes) {
        assertThat(bytes * 8L)
                .as("bits of a second at " + rate)
                .isBetween(rate.bitsPerSecond() / 3, rate.bitsPerSecond() * 3 / 2);
    }

    private int bytes(int from, int to) {
        return units.subList(from, to).stream().mapToInt(CodedUnit::bytes).sum();
    }

    @Test
    public void an_impossible_rate_is_clamped() {
        try (TestcardFrames cards = new TestcardFrames(SIZE);
                EncoderSession session = open(SIZE)) {
            assertThat(session.retarget(new Bitrate(1)).bitsPerSecond()).isPositive();
            encode(session, cards, 5);
            assertThat(session.retarget(new Bitrate(1_000_000_000_000L)).bitsPerSecond())
                    .isPositive()
                    .isLessThan(1_000_000_000_000L);
            encode(session, cards, 5);
        }
        assertThat(numbersSeen()).hasSize(10);
    }

    @Test
    public void a_frame_of_another_size_is_refused_and_the_stream_goes_on() {
        try (TestcardFrames cards = new TestcardFrames(SIZE);
                TestcardFrames others = new TestcardFrames(new Size(640, 360));
                EncoderSession session = open(SIZE)) {
            encode(session, cards, 2);
            assertThatThrownBy(() -> session.encode(others.next(), false))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(EncodeError.FRAME_REFUSED));
            encode(session, cards, 2);
        }
        assertThat(numbersSeen()).isEqualTo(upTo(4));
    }

    @Test
    public void a_codec_that_is_not_offered_is_refused() {
        assertThatThrownBy(() ->
                        encoder().open(EncodeSpec.of(new Codec("no-such-codec"), SIZE, RATE, BITRATE), this::keep))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(EncodeError.SPEC_REFUSED));
    }

    @Test
    public void a_picture_that_is_refined_is_the_same_and_no_key_frame_and_the_stream_goes_on() {
        try (TestcardFrames cards = new TestcardFrames(SIZE);
                EncoderSession session = open(SIZE)) {
            encode(session, cards, 3);
            Frame last = cards.next();
            session.encode(last, false);
            for (int i = 0; i < 5; i++) {
                session.refine(last);
                assertThat(units).hasSize(5 + i);
            }
            encode(session, cards, 3);
        }
        assertThat(numbersSeen()).containsExactly(0, 1, 2, 3, 3, 3, 3, 3, 3, 4, 5, 6);
        assertThat(keyFrames()).containsExactly(0);
    }

    @Test
    public void what_it_can_not_make_or_take_is_refused_at_open() {
        EncodeSpec usual = spec(SIZE);
        List<EncodeSpec> strange = List.of(
                with(usual, new Sampling("5:5:5", 8), usual.pictures()),
                with(usual, new Sampling("4:2:0", 9), usual.pictures()),
                with(usual, usual.sampling(), SurfaceKind.host(new PixelFormat("no such format", 1))));
        for (EncodeSpec spec : strange) {
            assertThatThrownBy(() -> encoder().open(spec, this::keep))
                    .as(spec.toString())
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(EncodeError.SPEC_REFUSED));
        }
    }

    /** A device that no encoder knows: either it says so at open, or it takes the pictures from the host's memory. */
    @Test
    public void pictures_in_a_strange_device_are_refused_at_open_or_downloaded_once_each() {
        EncodeSpec usual = spec(SIZE);
        EncodeSpec spec = with(usual, usual.sampling(), DeviceFrame.KIND);
        try (TestcardFrames cards = new TestcardFrames(SIZE);
                EncoderSession session = encoder().open(spec, this::keep)) {
            for (int i = 0; i < 10; i++) {
                DeviceFrame frame = new DeviceFrame(cards.next());
                session.encode(frame, false);
                assertThat(frame.downloads()).isEqualTo(1);
            }
        } catch (StreamException e) {
            assertThat(e.code()).isEqualTo(EncodeError.SPEC_REFUSED);
            assertThat(units).isEmpty();
            return;
        }
        assertThat(numbersSeen()).isEqualTo(upTo(10));
    }

    @Test
    public void two_streams_of_one_encoder_do_not_disturb_each_other() {
        List<CodedUnit> other = new ArrayList<>();
        Size small = new Size(640, 360);
        Encoder encoder = encoder();
        try (TestcardFrames cards = new TestcardFrames(SIZE);
                TestcardFrames others = new TestcardFrames(small);
                EncoderSession session = encoder.open(spec(SIZE), this::keep);
                EncoderSession second = encoder.open(spec(small), unit -> other.add(CodedUnit.copyOf(unit)))) {
            for (int i = 0; i < 30; i++) {
                session.encode(cards.next(), false);
                second.encode(others.next(), false);
            }
        }
        assertThat(numbersSeen()).isEqualTo(upTo(30));
        units.clear();
        units.addAll(other);
        assertThat(numbersSeen()).isEqualTo(upTo(30));
    }

    @Test
    public void close_is_idempotent_and_a_closed_session_says_so() {
        try (TestcardFrames cards = new TestcardFrames(SIZE)) {
            EncoderSession session = open(SIZE);
            session.encode(cards.next(), false);
            session.close();
            session.close();
            assertThatThrownBy(() -> session.encode(cards.next(), false))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(EncodeError.DEVICE_LOST));
            assertThat(session.retarget(BITRATE).bitsPerSecond()).isPositive();
        }
        assertThat(units).hasSize(1);
    }

    @Test
    public void close_from_another_thread_waits_for_a_running_encode() throws Exception {
        List<Closer> closing = new ArrayList<>();
        try (TestcardFrames cards = new TestcardFrames(SIZE)) {
            List<EncoderSession> opened = new ArrayList<>();
            EncoderSession session = encoder().open(spec(SIZE), unit -> {
                closing.add(Closer.start(() -> opened.getFirst().close()));
                assertThat(closing.getFirst().waits())
                        .as("close waits for a lent unit")
                        .isTrue();
                keep(unit);
            });
            opened.add(session);
            session.encode(cards.next(), false);
            closing.getFirst().join();
        }
        assertThat(units).hasSize(1);
        assertThat(units.getFirst().parts()).containsAll(CodedParts.ofKeyFrame(codec()));
    }

    @Test
    public void a_sink_that_throws_does_not_break_the_session() {
        List<CodedUnit> kept = new ArrayList<>();
        try (TestcardFrames cards = new TestcardFrames(SIZE);
                EncoderSession session = encoder().open(spec(SIZE), unit -> {
                    if (unit.sequence() == 1) {
                        throw new IllegalStateException("the sink failed");
                    }
                    kept.add(CodedUnit.copyOf(unit));
                })) {
            session.encode(cards.next(), false);
            Frame second = cards.next();
            assertThatThrownBy(() -> session.encode(second, false)).hasMessage("the sink failed");
            session.encode(cards.next(), true);
        }
        units.addAll(kept);
        assertThat(numbersSeen()).containsExactly(0, 2);
    }
}
