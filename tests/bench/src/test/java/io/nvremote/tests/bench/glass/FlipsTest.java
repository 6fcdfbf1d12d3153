// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.glass;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FlipsTest {

    private static final long MS = 1_000_000;

    private static Flips drawn(int pictures) {
        Flips flips = new Flips(pictures);
        for (int i = 0; i < pictures; i++) {
            flips.drawn(i, (i + 1) * 10L * MS);
        }
        return flips;
    }

    @Test
    void a_picture_is_matched_by_its_mark_to_the_newest_that_shows_it() {
        Flips flips = drawn(20);
        flips.seen(19 % Mark.VALUES, 205 * MS);
        assertThat(flips.latencies(0, 20)).containsExactly(5.0);
    }

    @Test
    void an_older_picture_is_found_while_newer_ones_are_drawn_already() {
        Flips flips = drawn(20);
        flips.seen(17 % Mark.VALUES, 205 * MS);
        assertThat(flips.latencies(0, 20)).containsExactly(25.0);
    }

    @Test
    void only_the_first_sight_of_a_picture_counts() {
        Flips flips = drawn(3);
        flips.seen(2, 31 * MS);
        flips.seen(2, 39 * MS);
        assertThat(flips.latencies(0, 3)).containsExactly(1.0);
    }

    @Test
    void pictures_that_were_skipped_have_no_latency() {
        Flips flips = new Flips(4);
        flips.drawn(0, 10 * MS);
        flips.seen(0, 12 * MS);
        flips.drawn(1, 20 * MS);
        flips.drawn(2, 30 * MS);
        flips.seen(2, 33 * MS);
        assertThat(flips.latencies(0, 3)).containsExactly(2.0, 3.0);
    }

    @Test
    void what_the_screen_showed_before_anything_was_drawn_is_ignored() {
        Flips flips = new Flips(4);
        flips.seen(9, 1);
        flips.drawn(0, 10 * MS);
        assertThat(flips.latencies(0, 1)).isEmpty();
    }
}
