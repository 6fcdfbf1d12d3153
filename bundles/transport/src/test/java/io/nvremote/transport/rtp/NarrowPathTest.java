// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Bitrate;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Links below, at and above the stream's rate, with short and long queues, in virtual time. */
class NarrowPathTest {

    private static final int[] QUEUES = {20, 50, 200, 500};
    private static final double[] LOSSES = {0, 0.02, 0.05};
    private static final int[] ROUND_TRIPS = {10, 100};

    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 4, 8, 9, 20, 100})
    void every_link_shows_ten_pictures_a_second_within_three_seconds(double linkMegabits) {
        double stream = linkMegabits < 9 ? 8 : 20;
        for (int queue : QUEUES) {
            for (double loss : LOSSES) {
                for (int roundTrip : ROUND_TRIPS) {
                    NarrowPath path = new NarrowPath(stream, 60, linkMegabits, queue, loss, roundTrip);
                    path.play(8_000);
                    String what = stream + " on " + linkMegabits + " Mbit/s, queue " + queue + " ms, loss " + loss
                            + ", round trip " + roundTrip + " ms";
                    for (int second = 3; second < 8; second++) {
                        assertThat(path.pictures(second * 1000L, second * 1000L + 1000))
                                .as("%s: pictures in second %s", what, second)
                                .isGreaterThanOrEqualTo(10);
                    }
                    assertThat(path.keyFrames).as("%s: key frames", what).isLessThan(10);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"9, 50", "4, 50", "4, 500", "2, 20", "1, 200"})
    void a_link_that_narrows_and_widens_again_is_followed_both_ways(double narrowMegabits, int queueMillis) {
        NarrowPath path = new NarrowPath(8, 60, 50, queueMillis, 0, 20);
        path.play(5_000);
        assertThat(path.world.target).as("the wide link is used").isEqualTo(8_000_000);
        path.bitsPerSecond = narrowMegabits * 1e6;
        path.play(10_000);
        assertThat(path.pictures(8_000, 15_000)).isGreaterThan(10 * 7);
        assertThat((double) path.world.target).isLessThanOrEqualTo(narrowMegabits * 1e6);
        path.bitsPerSecond = 50e6;
        path.play(10_000);
        assertThat(path.world.target).as("it comes back by itself").isEqualTo(8_000_000);
        assertThat(path.pictures(20_000, 25_000)).isGreaterThan(55 * 5);
    }

    @ParameterizedTest
    @CsvSource({"4, 50", "2, 200", "1, 20"})
    void an_encoder_that_keeps_its_rate_makes_fewer_pictures_and_none_is_broken(double megabits, int queueMillis) {
        NarrowPath path = new NarrowPath(8, 60, megabits, queueMillis, 0, 20);
        path.retargets = false;
        path.play(10_000);
        // 8 Mbit/s at 60 a second are 16.7 kB each: so many fit the link
        double fit = megabits * 1e6 / 8 / 16_700;
        assertThat((double) path.pictures(5_000, 10_000)).isGreaterThan(fit * 5 / 2);
        assertThat(path.keyFrames).isLessThan(6);
        assertThat(path.overflows).isLessThan(path.world.sender.stats().packets() / 2);
    }

    @ParameterizedTest
    @CsvSource({"30, 8", "60, 8", "60, 20"})
    void two_per_cent_lost_over_a_hundred_milliseconds_costs_neither_pictures_nor_a_freeze(int rate, int megabits) {
        NarrowPath path = new NarrowPath(megabits, rate, 1_000, 200, 0.02, 100);
        path.play(60_000);
        path.world.run(500 * Simulation.MILLI);
        assertThat(path.pictures(2_000, 60_000)).isGreaterThanOrEqualTo((long) (58 * rate * 29 / 30.0));
        assertThat(path.longestGapMillis(2_000, 60_000)).isLessThanOrEqualTo(300);
        assertThat(path.world.target).isEqualTo(megabits * 1_000_000L);
        assertThat(path.keyFrames).isEqualTo(1);
    }

    @Test
    void a_path_that_was_dead_for_three_seconds_comes_back_by_itself() {
        NarrowPath path = new NarrowPath(8, 60, 20, 100, 0, 30);
        path.play(4_000);
        path.loss = 1;
        path.play(3_000);
        long dead = path.world.sender.stats().packets();
        path.loss = 0;
        path.play(4_000);
        assertThat(path.pictures(8_000, 11_000)).isGreaterThan(3 * 50);
        assertThat(path.world.sender.stats().keyFrameRequests()).isLessThan(20);
        assertThat(dead).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 50})
    void nothing_leaves_faster_than_one_and_a_half_times_the_path_s_rate(int megabits) {
        NarrowPath path = new NarrowPath(megabits, 60, 6, 100, 0.01, 40);
        path.play(10_000);
        long[] at = path.world.toClientAt.stream().mapToLong(Long::longValue).toArray();
        int from = 0;
        long window = 20 * Simulation.MILLI;
        long bytes = 0;
        long most = 0;
        for (int i = 0; i < at.length; i++) {
            bytes += path.world.toClient.get(i).length;
            while (at[i] - at[from] > window) {
                bytes -= path.world.toClient.get(from++).length;
            }
            if (at[i] > 5_000 * Simulation.MILLI) {
                most = Math.max(most, bytes);
            }
        }
        // three packets at once beside what one and a half times 6 Mbit/s is in 20 ms
        assertThat(most).isLessThan((long) (1.5 * 6e6 / 8 * 0.020) + 3 * 1200);
    }

    @ParameterizedTest
    @CsvSource({"20, 8", "4, 4"})
    void a_receiver_that_tells_of_plain_rtcp_only_gets_the_stream_s_rate_or_what_its_losses_allow(
            double link, double most) {
        NarrowPath path = new NarrowPath(8, 60, link, 50, 0, 20);
        SendStream sender = path.world.sender;
        path.world.arrives = datagram -> {
            int at = 0; // up to the first APP part of the compound
            while (at < datagram.length && (datagram[at + 1] & 0xFF) != RtcpWriter.APP) {
                at += 4 + 4 * (((datagram[at + 2] & 0xFF) << 8) | (datagram[at + 3] & 0xFF));
            }
            return Arrays.copyOf(datagram, Math.min(at, datagram.length));
        };
        path.play(12_000);
        assertThat(sender.stats().target().bitsPerSecond()).isBetween((long) (most * 0.3e6), (long) (most * 1e6));
        assertThat(path.pictures(6_000, 12_000)).isGreaterThan(10 * 6);
    }

    @Test
    void key_frames_asked_for_again_and_again_leave_room_for_pictures() {
        NarrowPath path = new NarrowPath(8, 60, 2, 100, 0, 40);
        path.play(3_000);
        long before = path.keyFrames;
        for (int i = 0; i < 100; i++) {
            path.world.receiver.requestKeyFrame(path.world.now);
            path.play(50);
        }
        assertThat(path.keyFrames - before).isBetween(3L, 25L);
        assertThat(path.pictures(3_000, 8_000)).isGreaterThan(50);
    }

    @Test
    void the_encoder_hears_of_less_at_once_and_of_more_at_most_once_a_second() {
        RateControl control = new RateControl(Bitrate.ofMegabits(8).bitsPerSecond(), 0);
        assertThat(control.changedTarget(0)).as("it begins low").isBetween(1_000_000L, 7_999_999L);
        assertThat(control.changedTarget(1)).isZero();
        long now = 0;
        int more = 0;
        for (int i = 1; i <= 40; i++) {
            now = i * 50_000_000L;
            control.roundTrip(20_000_000, now);
            control.train(20_000, 100_000, now);
            control.losses(0, 20, now);
            control.judge(1, now);
            more += control.changedTarget(now) > 0 ? 1 : 0;
        }
        assertThat(control.target()).isEqualTo(8_000_000);
        assertThat(more).isEqualTo(1);
        assertThat(control.bitsPerSecond()).isGreaterThan(8_000_000).isLessThanOrEqualTo(32_000_000);
        for (int i = 1; i <= 8; i++) {
            now += 50_000_000;
            control.roundTrip(100_000_000, now);
            control.train(12_000, 48_000_000, now);
            control.judge(1, now);
        }
        assertThat(control.changedTarget(now)).as("a queue that grows").isBetween(1_000_000L, 7_000_000L);
    }
}
