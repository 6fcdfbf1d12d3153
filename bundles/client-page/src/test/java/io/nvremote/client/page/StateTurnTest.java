// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StateTurnTest {

    private static final long LOOK = Duration.ofMillis(50).toNanos();

    private final StateTurn turn = new StateTurn();

    @Test
    void news_of_thousands_of_hosts_is_told_together() {
        int told = 0;
        for (int look = 0; look < 200; look++) { // ten seconds
            for (int host = 0; host < 40; host++) {
                turn.hosts();
            }
            told += turn.taken(look * LOOK) ? 1 : 0;
        }
        assertThat(told).isEqualTo(20);
    }

    @Test
    void what_a_person_waits_for_is_told_at_the_next_look_also_amid_news_of_hosts() {
        turn.hosts();
        assertThat(turn.taken(0)).isTrue();
        turn.hosts();
        assertThat(turn.taken(LOOK)).isFalse();
        turn.now();
        assertThat(turn.taken(2 * LOOK)).isTrue();
        assertThat(turn.taken(100 * LOOK)).as("nothing new").isFalse();
    }

    @Test
    void news_that_came_within_the_pause_is_told_after_it() {
        turn.now();
        assertThat(turn.taken(0)).isTrue();
        turn.hosts();
        assertThat(turn.taken(9 * LOOK)).isFalse();
        assertThat(turn.taken(10 * LOOK)).isTrue();
    }
}
