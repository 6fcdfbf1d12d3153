// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.FrameRate;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final FrameRate RATE = new FrameRate(30);
    private static final long INTERVAL = RATE.intervalNanos();

    private final Pace pace = new Pace(RATE, 0);

    /** Takes a picture that is there at that time, as soon as it may; returns how long it waited. */
    private long take(long at) {
        long wait = Math.max(pace.waitNanos(at), 0);
        pace.taken(at + wait);
        return wait;
    }

    @Test
    void a_source_of_the_same_rate_never_waits_even_if_some_of_its_pictures_are_late() {
        for (int i = 0; i < 300; i++) {
            long late = i % 7 == 0 ? INTERVAL / 3 : 0;
            assertThat(take(i * INTERVAL + late)).as("picture %d", i).isZero();
        }
    }

    @Test
    void a_source_of_the_same_rate_that_came_to_wait_is_in_step_again_within_a_second() {
        for (int i = 0; i < 2; i++) {
            take(0); // the screen changed for other reasons: the pictures that follow find the next turn taken
        }
        assertThat(take(INTERVAL)).isPositive();
        for (int i = 2; i < 30; i++) {
            take(i * INTERVAL);
        }
        assertThat(take(30 * INTERVAL)).isZero();
    }

    @Test
    void a_faster_source_is_held_at_a_sixteenth_above_the_rate() {
        long now = 0;
        for (int i = 0; i < 3000; i++) {
            now += take(now);
        }
        assertThat(3000 * INTERVAL).isBetween(now * 33 / 32, now * 35 / 32);
    }
}
