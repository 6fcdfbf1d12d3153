// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSession;
import io.nvremote.input.InputSink;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link InputSink} must do, whatever its screen shows of it. */
public abstract class InputSinkContract {

    /** The sink under test. */
    protected abstract InputSink sink();

    /** A screen of the sink, in its own words. */
    protected String display() {
        return "";
    }

    @Test
    public void every_kind_of_event_is_taken() {
        try (InputSession session = sink().open(display())) {
            List<InputEvent> events = List.of(
                    new InputEvent.Key(0x04, true),
                    new InputEvent.Key(0x04, false),
                    new InputEvent.PointerTo(0, 65535),
                    new InputEvent.PointerBy(-3, 3),
                    new InputEvent.Button(1, true),
                    new InputEvent.Button(1, false),
                    new InputEvent.Wheel(120, -120),
                    new InputEvent.Lock(0x53, true),
                    new InputEvent.Lock(0x53, false),
                    new InputEvent.Text("é日"),
                    new InputEvent.ReleaseAll());
            assertThatCode(() -> events.forEach(session::inject)).doesNotThrowAnyException();
        }
    }

    @Test
    public void what_is_unknown_or_out_of_range_is_ignored() {
        try (InputSession session = sink().open(display())) {
            List<InputEvent> events = List.of(
                    new InputEvent.Key(0, true),
                    new InputEvent.Key(0xFFFF, true),
                    new InputEvent.Key(-1, false),
                    new InputEvent.Lock(0x04, true),
                    new InputEvent.Text(""),
                    new InputEvent.Text("\u0000\ud800"),
                    new InputEvent.Button(0, true),
                    new InputEvent.Button(77, true),
                    new InputEvent.PointerTo(-1, 70000),
                    new InputEvent.PointerBy(Integer.MAX_VALUE, Integer.MIN_VALUE),
                    new InputEvent.Wheel(Integer.MAX_VALUE, Integer.MIN_VALUE));
            assertThatCode(() -> events.forEach(session::inject)).doesNotThrowAnyException();
        }
    }

    @Test
    public void close_is_idempotent_and_a_closed_session_says_so() {
        InputSession session = sink().open(display());
        session.inject(new InputEvent.Key(0x04, true));
        session.close();
        session.close();
        assertThatThrownBy(() -> session.inject(new InputEvent.Key(0x04, true)))
                .isInstanceOf(StreamException.class)
                .hasMessageContaining("closed");
    }
}
