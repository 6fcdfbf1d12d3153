// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StrangersTest {

    private final Strangers strangers = new Strangers(5, 3);

    @Test
    void one_address_gets_its_share_and_all_together_theirs() {
        for (int i = 0; i < 3; i++) {
            assertThat(strangers.admit("a", 0, 0, 0)).isTrue();
        }
        assertThat(strangers.admit("a", 0, 0, 0)).as("while they open").isFalse();
        for (int i = 0; i < 3; i++) {
            strangers.opened("a");
        }
        assertThat(strangers.admit("a", 3, 3, 0)).as("while they stand").isFalse();
        assertThat(strangers.admit("b", 3, 0, 0)).isTrue();
        assertThat(strangers.admit("c", 3, 0, 0)).isTrue();
        assertThat(strangers.admit("d", 3, 0, 0)).as("of all").isFalse();
        assertThat(strangers.admit("a", 0, 0, 0)).as("they showed who they are").isTrue();
    }

    @Test
    void who_was_let_in_and_never_opened_makes_room() {
        for (int i = 0; i < 3; i++) {
            strangers.admit("a", 0, 0, 0);
        }
        assertThat(strangers.admit("a", 0, 0, Strangers.OPENING.toNanos())).isFalse();
        assertThat(strangers.admit("a", 0, 0, Strangers.OPENING.toNanos() + 1)).isTrue();
    }
}
