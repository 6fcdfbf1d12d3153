// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.Damage;
import io.nvremote.media.Frame;
import io.nvremote.media.StageStamps;
import io.nvremote.media.Surface;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RestingPictureTest {

    private static final long MILLI = 1_000_000;

    private final RestingPicture rest = new RestingPicture(new FrameRate(30), Bitrate.ofMegabits(8), 0);
    private long now;

    /** Counts what is sent in so many milliseconds when nothing is drawn; each step is that large and the encoder knows so many. */
    private int refinements(long millis, int unitBytes, int steps) {
        int sent = 0;
        for (long end = now + millis * MILLI; now < end; now += MILLI) {
            if (rest.again(false, now)) {
                assertThat(rest.same(picture(0))).isTrue();
                sent++;
                rest.sent(unit(unitBytes), now);
                rest.refined(sent < steps, now);
            }
        }
        return sent;
    }

    @Test
    void what_stopped_is_refined_within_a_second_and_then_nothing_is_sent() {
        rest.changed(now);
        assertThat(refinements(1000, 100_000, 5)).isEqualTo(5);
        assertThat(refinements(60_000, 100_000, 5)).isZero();
    }

    @Test
    void an_encoder_that_knows_no_end_is_given_one_second_of_pictures() {
        rest.changed(now);
        assertThat(refinements(60_000, 30, Integer.MAX_VALUE)).isEqualTo(30);
    }

    @Test
    void steps_wait_until_the_one_before_has_passed_at_the_streams_rate() {
        rest.changed(now);
        rest.sent(unit(1_000_000), now); // one second of it
        assertThat(refinements(990, 10, 5)).isZero();
        assertThat(refinements(1000, 10, 5)).isEqualTo(5);
    }

    @Test
    void between_the_pictures_of_a_slow_film_nothing_is_refined() {
        for (int i = 0; i < 100; i++) {
            assertThat(rest.same(picture(3))).isFalse();
            rest.changed(now);
            assertThat(refinements(140, 10, 5)).isZero();
        }
    }

    @Test
    void what_is_drawn_while_the_same_was_asked_for_counts_as_new() {
        rest.changed(now);
        now += 200 * MILLI;
        assertThat(rest.again(false, now)).isTrue();
        assertThat(rest.same(picture(1))).isFalse();
        rest.changed(now);
        assertThat(rest.again(false, now)).isFalse();
    }

    @Test
    void a_picture_that_is_owed_is_asked_for_until_it_is_made_but_not_all_the_time() {
        int asked = 0;
        for (long end = now + 10_000 * MILLI; now < end; now += MILLI) {
            if (rest.again(true, now)) {
                asked++;
                rest.same(picture(0));
            }
        }
        assertThat(asked).isBetween(39, 41);
    }

    private static AccessUnit unit(int bytes) {
        return new AccessUnit(Codec.H264, ByteBuffer.allocate(bytes), false, 1, StageStamps.captured(1, 2));
    }

    private Frame picture(int rowsDrawn) {
        BitSet rows = new BitSet();
        rows.set(0, rowsDrawn);
        return new Frame() {
            @Override
            public Surface surface() {
                throw new UnsupportedOperationException("not looked at");
            }

            @Override
            public long sequence() {
                return 1;
            }

            @Override
            public StageStamps stamps() {
                return StageStamps.captured(1, 2);
            }

            @Override
            public @Nullable Damage damage() {
                return new Damage(RestingPictureTest.this, rows);
            }

            @Override
            public Retained retain() {
                throw new UnsupportedOperationException("not kept");
            }
        };
    }
}
