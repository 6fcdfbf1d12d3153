// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.input.InputEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputGateTest {

    private static final long MILLI = 1_000_000;
    private static final InputEvent DOWN = new InputEvent.Key(4, true);
    private static final InputEvent UP = new InputEvent.Key(4, false);

    private final InputGate gate = new InputGate();

    @Test
    void while_the_host_is_silent_only_what_lets_go_passes() {
        List<InputEvent> typing = List.of(
                DOWN,
                new InputEvent.Button(1, true),
                new InputEvent.PointerTo(1, 1),
                new InputEvent.PointerBy(1, 1),
                new InputEvent.Wheel(0, 120),
                new InputEvent.Text("x"),
                new InputEvent.Lock(0x39, true));
        for (InputEvent event : typing) {
            assertThat(gate.passes(event, false, Duration.ZERO, 0))
                    .as(event.toString())
                    .isFalse();
            assertThat(gate.passes(event, true, Duration.ofSeconds(9), 0))
                    .as(event.toString())
                    .isTrue();
        }
        for (InputEvent event : List.of(UP, new InputEvent.Button(1, false), new InputEvent.ReleaseAll())) {
            assertThat(gate.passes(event, false, Duration.ZERO, 0))
                    .as(event.toString())
                    .isTrue();
        }
    }

    @Test
    void repeats_are_for_a_host_that_answers() {
        assertThat(gate.passes(DOWN, true, Duration.ofMillis(900), 0)).isTrue();
        assertThat(gate.passes(DOWN, true, Duration.ofMillis(300), 0)).isTrue();
        assertThat(gate.passes(DOWN, true, Duration.ofMillis(301), 0)).isFalse();
        assertThat(gate.passes(UP, true, Duration.ofMillis(301), 0)).isTrue();
        assertThat(gate.passes(DOWN, true, Duration.ofMillis(301), 0))
                .as("a new press")
                .isTrue();
    }

    @Test
    void a_page_that_holds_something_and_falls_silent_holds_nothing_any_more() {
        assertThat(gate.fellSilent(900 * MILLI)).as("nothing is held").isFalse();
        gate.passes(DOWN, true, Duration.ZERO, 0);
        gate.held(200 * MILLI);
        assertThat(gate.fellSilent(500 * MILLI)).isFalse();
        assertThat(gate.fellSilent(501 * MILLI)).isTrue();
        assertThat(gate.fellSilent(900 * MILLI)).as("said once").isFalse();
        gate.passes(new InputEvent.Button(1, true), true, Duration.ZERO, 0);
        gate.passes(new InputEvent.Button(1, false), true, Duration.ZERO, 0);
        assertThat(gate.fellSilent(900 * MILLI)).isFalse();
    }
}
