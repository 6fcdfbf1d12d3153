// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.input.InputEvent;
import org.junit.jupiter.api.Test;

class HeldInputTest {

    private static final long MILLI = 1_000_000;

    private final HeldInput held = new HeldInput();

    @Test
    void what_goes_down_is_held_until_it_goes_up_or_everything_does() {
        assertThat(held.any()).isFalse();
        held.take(new InputEvent.Key(4, true));
        held.take(new InputEvent.Key(4, true));
        held.take(new InputEvent.Button(1, true));
        held.take(new InputEvent.PointerTo(1, 1));
        held.take(new InputEvent.Key(4, false));
        assertThat(held.any()).isTrue();
        held.take(new InputEvent.Button(1, false));
        assertThat(held.any()).isFalse();
        held.take(new InputEvent.Key(4, true));
        held.take(new InputEvent.Button(3, true));
        held.take(new InputEvent.ReleaseAll());
        assertThat(held.any()).isFalse();
    }

    @Test
    void it_goes_up_after_300_ms_without_a_sign_of_life() {
        for (long start : new long[] {0, Long.MAX_VALUE - 100 * MILLI, -5}) {
            held.heard(start);
            assertThat(held.remaining(start)).isEqualTo(300 * MILLI);
            assertThat(held.remaining(start + 299 * MILLI)).isPositive();
            assertThat(held.remaining(start + 300 * MILLI)).isZero();
            held.heard(start + 299 * MILLI);
            assertThat(held.remaining(start + 400 * MILLI)).isPositive();
        }
    }
}
