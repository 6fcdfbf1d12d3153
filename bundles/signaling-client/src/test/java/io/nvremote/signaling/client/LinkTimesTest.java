// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LinkTimesTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void waits_double_up_to_the_cap_and_use_the_whole_range_below() {
        long longest = 0;
        long shortest = Long.MAX_VALUE;
        for (int seed = 0; seed < 2_000; seed++) {
            BackOff backOff =
                    new BackOff(LinkPace.STANDARD, LinkPace.STANDARD.backOffCap(), new SplittableRandom(seed));
            long bound = SECOND / 2;
            for (int i = 0; i < 12; i++) {
                long wait = backOff.next(0).toNanos();
                assertThat(wait).isBetween(0L, Math.min(bound, 30 * SECOND));
                bound *= 2;
                longest = Math.max(longest, wait);
                shortest = i == 11 ? Math.min(shortest, wait) : shortest;
            }
        }
        assertThat(longest).isGreaterThan(29 * SECOND);
        assertThat(shortest).isLessThan(SECOND);
    }

    @Test
    void who_waits_for_a_person_dials_more_often_and_nobody_less_often_than_the_pace() {
        assertThat(longestWait(Duration.ofSeconds(8))).isBetween(7 * SECOND, 8 * SECOND);
        assertThat(longestWait(Duration.ofHours(1))).isBetween(29 * SECOND, 30 * SECOND);
    }

    private static long longestWait(Duration cap) {
        BackOff backOff = new BackOff(LinkPace.STANDARD, cap, new SplittableRandom(5));
        long longest = 0;
        for (int i = 0; i < 1_000; i++) {
            longest = Math.max(longest, backOff.next(0).toNanos());
        }
        return longest;
    }

    @Test
    void only_a_link_that_was_stable_begins_again_with_the_first_wait() {
        BackOff backOff = new BackOff(LinkPace.STANDARD, LinkPace.STANDARD.backOffCap(), new SplittableRandom(3));
        for (int i = 0; i < 50; i++) {
            backOff.next(29 * SECOND);
        }
        assertThat(backOff.failures()).isEqualTo(50);
        assertThat(backOff.next(30 * SECOND)).isLessThanOrEqualTo(Duration.ofMillis(500));
        assertThat(backOff.failures()).isEqualTo(1);
    }

    @Test
    void a_peer_that_answers_pings_lives_and_a_silent_one_is_given_up() {
        Liveness liveness = new Liveness(LinkPace.STANDARD, 0);
        long now = 0;
        int pings = 0;
        for (int i = 0; i < 360; i++) {
            now += liveness.untilNanos(now);
            if (liveness.due(now) == Liveness.Due.PING) {
                pings++;
                liveness.heard(now + SECOND / 10);
            }
        }
        assertThat(now).isEqualTo(3600 * SECOND);
        assertThat(pings).isEqualTo(360);
        assertThat(liveness.due(now + 10 * SECOND)).isEqualTo(Liveness.Due.PING);
        assertThat(liveness.due(now + 20 * SECOND)).isEqualTo(Liveness.Due.PING);
        assertThat(liveness.due(now + 31 * SECOND)).isEqualTo(Liveness.Due.DEAD);
    }
}
