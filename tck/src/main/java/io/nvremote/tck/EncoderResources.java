// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Bitrate;
import io.nvremote.core.StreamException;
import io.nvremote.decode.DecoderSession;
import io.nvremote.decode.DecoderSession.Decoded;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.Codec;
import io.nvremote.media.Frame;
import io.nvremote.media.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Part of {@link EncoderContract}: what an encoder takes of the machine and gives back, and that many threads may use it. */
abstract class EncoderResources extends EncoderPictures {

    private static final int FRAMES = LongRun.times(40, 200);
    private static final int TIMED = LongRun.times(40, 200);
    private static final long FRAME_BYTES = 32 << 10;

    /** How many times as long as the decoder an encoder may take where that is more than two intervals: a slow machine is slow in both. */
    private static final int TIMES_DECODING = 24;

    /** Different, so that what belongs to another stream is refused; a test card has room on each. */
    private static final List<Size> SIZES = List.of(SMALL, new Size(656, 368));

    @Test
    public void opening_and_closing_leaves_nothing_behind() {
        Encoder encoder = encoder();
        try (TestcardFrames cards = new TestcardFrames(SMALL)) {
            Growth.assertNoneBySession(() -> {
                try (EncoderSession session = encoder.open(spec(SMALL), unit -> {})) {
                    session.encode(cards.next(), false);
                }
            });
        }
    }

    @Test
    public void pictures_leave_nothing_behind() {
        try (TestcardFrames cards = new TestcardFrames(SMALL);
                EncoderSession session = encoder().open(spec(SMALL), unit -> {})) {
            Growth.assertNoneByStep(FRAMES, FRAME_BYTES, () -> session.encode(cards.next(), false));
            assertThat(cards.held()).as("frames still retained").isZero();
        }
    }

    /**
     * Three of four pictures may take longer, as on a machine that does something else beside; the fourth takes at most two intervals
     * of the rate, or so many times what the decoder takes for it in the same run.
     */
    @Test
    public void it_keeps_up_with_the_rate() {
        List<Long> encoding = new ArrayList<>();
        List<Long> decoding = new ArrayList<>();
        try (TestcardFrames cards = new TestcardFrames(SMALL);
                DecoderSession decoder = decoder().open(codec(), frame -> {});
                EncoderSession session = open(SMALL)) {
            for (int i = 0; i < TIMED; i++) {
                Frame card = cards.next();
                long begin = System.nanoTime();
                session.encode(card, false);
                long between = System.nanoTime();
                assertThat(decoder.decode(units.getLast().unit())).isEqualTo(Decoded.PICTURE);
                decoding.add(System.nanoTime() - between);
                encoding.add(between - begin);
            }
        }
        assertThat(quarter(encoding))
                .as("nanoseconds that a quarter of the pictures stays below; decoding: %s", quarter(decoding))
                .isLessThanOrEqualTo(Math.max(2 * RATE.intervalNanos(), timesDecoding() * quarter(decoding)));
    }

    /** AV1 leaves more of the work to the encoder than its predecessors did. */
    private int timesDecoding() {
        return codec().equals(Codec.AV1) ? 2 * TIMES_DECODING : TIMES_DECODING;
    }

    private static long quarter(List<Long> nanos) {
        Collections.sort(nanos);
        return nanos.get(nanos.size() / 4);
    }

    @Test
    public void streams_that_are_opened_at_once_are_each_their_own() {
        Encoder encoder = encoder();
        List<Callable<List<Integer>>> streams = new ArrayList<>();
        SIZES.forEach(size -> streams.add(() -> stream(encoder, size)));
        AtOnce.rounds(() -> assertThat(AtOnce.all(streams)).contains(upTo(4)).isSubsetOf(List.of(), upTo(4)));
    }

    /** Four pictures from open to close; none where the device has no room for one more stream. */
    private List<Integer> stream(Encoder encoder, Size size) {
        List<CodedUnit> coded = new ArrayList<>();
        try (TestcardFrames cards = new TestcardFrames(size);
                EncoderSession session = encoder.open(spec(size), unit -> coded.add(CodedUnit.copyOf(unit)))) {
            encode(session, cards, 4);
        } catch (StreamException e) {
            assertThat(e.code()).isEqualTo(EncodeError.DEVICE_FULL);
            return List.of();
        }
        return numbersSeen(coded);
    }

    /** Each unit is handed over only when the other thread has asked within its picture, or waits for it to end. */
    @Test
    public void another_rate_may_be_asked_for_while_a_picture_is_encoded() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        AtomicBoolean enough = new AtomicBoolean();
        List<EncoderSession> opened = new ArrayList<>();
        Thread asking = Thread.ofPlatform().unstarted(() -> {
            while (!enough.get()) {
                int times = asked.get();
                opened.getFirst().retarget(Bitrate.ofMegabits(times % 2 == 0 ? 2 : 8));
                asked.incrementAndGet();
            }
        });
        try (TestcardFrames cards = new TestcardFrames(SMALL);
                EncoderSession session = encoder().open(spec(SMALL), unit -> {
                    int before = asked.get();
                    while (asked.get() < before + 2 && asking.isAlive() && asking.getState() == Thread.State.RUNNABLE) {
                        Thread.onSpinWait();
                    }
                    keep(unit);
                })) {
            opened.add(session);
            asking.start();
            encode(session, cards, 20);
            assertThat(asking.isAlive()).as("retarget still answers").isTrue();
            enough.set(true);
            asking.join(10_000);
        }
        assertThat(numbersSeen()).isEqualTo(upTo(20));
    }

    @Test
    public void to_be_told_of_lost_units_changes_nothing_for_who_has_them() {
        try (TestcardFrames cards = new TestcardFrames(SMALL);
                EncoderSession session = open(SMALL)) {
            session.lost(0, 0);
            encode(session, cards, 5);
            session.lost(2, 3);
            encode(session, cards, 5);
            session.lost(1000, 2000);
            session.encode(cards.next(), true);
            encode(session, cards, 2);
        }
        assertThat(numbersSeen()).isEqualTo(upTo(13));
    }
}
