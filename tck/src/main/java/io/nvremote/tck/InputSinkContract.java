// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSession;
import io.nvremote.input.InputSink;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link InputSink} must do, whatever its screen shows of it. */
public abstract class InputSinkContract {

    private static final int A = 0x04;
    private static final int SHIFT = 0xE1;
    private static final long EVENT_BYTES = 4 << 10;

    /** The sink under test. */
    protected abstract InputSink sink();

    /** A screen of the sink, in its own words. */
    protected String display() {
        return "";
    }

    /**
     * A program on the screen, from here on. Null where a test can't listen: then what arrives is not looked at, and the sink's own
     * tests have to.
     */
    protected @Nullable Listener listen() throws Exception {
        return null;
    }

    /** What a program on the screen is told. */
    public interface Listener extends AutoCloseable {

        /** The next key or button, or null after some seconds in which there was none. */
        @Nullable
        Told next() throws Exception;

        @Override
        void close();
    }

    /**
     * A key or a button that went down or up.
     *
     * @param code HID usage of a key, {@link InputEvent.Button#number} of a button
     */
    public record Told(boolean key, int code, boolean down) {}

    private static void hears(@Nullable Listener listener, Told... expected) throws Exception {
        if (listener != null) {
            for (Told each : expected) {
                assertThat(listener.next()).isEqualTo(each);
            }
        }
    }

    private static void hearsInAnyOrder(@Nullable Listener listener, Told... expected) throws Exception {
        if (listener != null) {
            List<@Nullable Told> heard = new ArrayList<>();
            for (int i = 0; i < expected.length; i++) {
                heard.add(listener.next());
            }
            assertThat(heard).containsExactlyInAnyOrder(expected);
        }
    }

    private static Told key(int usage, boolean down) {
        return new Told(true, usage, down);
    }

    private static Told button(int number, boolean down) {
        return new Told(false, number, down);
    }

    @Test
    public void keys_and_buttons_arrive_in_order_and_each_before_the_next_is_sent() throws Exception {
        try (Listener listener = listen();
                InputSession session = sink().open(display())) {
            session.inject(new InputEvent.Key(SHIFT, true));
            hears(listener, key(SHIFT, true));
            session.inject(new InputEvent.Key(SHIFT, true)); // a modifier does not repeat
            session.inject(new InputEvent.Key(A, true));
            hears(listener, key(A, true));
            session.inject(new InputEvent.Key(A, false));
            session.inject(new InputEvent.Key(A, false)); // is up already
            session.inject(new InputEvent.Key(SHIFT, false));
            hears(listener, key(A, false), key(SHIFT, false));
            session.inject(new InputEvent.Button(1, true));
            hears(listener, button(1, true));
            session.inject(new InputEvent.Button(1, false));
            hears(listener, button(1, false));
        }
    }

    @Test
    public void what_is_held_goes_up_when_all_is_released() throws Exception {
        try (Listener listener = listen();
                InputSession session = sink().open(display())) {
            session.inject(new InputEvent.Key(A, true));
            session.inject(new InputEvent.Button(3, true));
            hears(listener, key(A, true), button(3, true));
            session.inject(new InputEvent.ReleaseAll());
            hearsInAnyOrder(listener, key(A, false), button(3, false));
            session.inject(new InputEvent.Key(A, true));
            hears(listener, key(A, true));
        }
    }

    @Test
    public void what_is_held_goes_up_at_close() throws Exception {
        try (Listener listener = listen()) {
            InputSession session = sink().open(display());
            session.inject(new InputEvent.Key(A, true));
            session.inject(new InputEvent.Button(1, true));
            hears(listener, key(A, true), button(1, true));
            session.close();
            hearsInAnyOrder(listener, key(A, false), button(1, false));
        }
    }

    @Test
    public void sessions_that_are_opened_at_once_are_each_their_own() {
        InputSink sink = sink();
        List<Callable<Boolean>> sessions = Collections.nCopies(4, () -> {
            try (InputSession session = sink.open(display())) {
                session.inject(new InputEvent.PointerTo(100, 100));
                session.inject(new InputEvent.ReleaseAll());
            }
            return true;
        });
        AtOnce.rounds(() -> assertThat(AtOnce.all(sessions)).containsOnly(true));
    }

    @Test
    public void close_from_another_thread_is_noticed() throws Exception {
        InputSession session = sink().open(display());
        session.inject(new InputEvent.PointerTo(0, 0));
        Thread closing = Thread.ofPlatform().start(session::close);
        closing.join();
        assertThatThrownBy(() -> session.inject(new InputEvent.PointerTo(0, 0)))
                .isInstanceOf(StreamException.class)
                .hasMessageContaining("closed");
    }

    @Test
    public void opening_and_closing_leaves_nothing_behind() {
        InputSink sink = sink();
        Growth.assertNoneBySession(() -> {
            try (InputSession session = sink.open(display())) {
                session.inject(new InputEvent.Key(A, true));
            }
        });
    }

    @Test
    public void events_leave_nothing_behind() {
        try (InputSession session = sink().open(display())) {
            Growth.assertNoneByStep(LongRun.times(200, 1000), EVENT_BYTES, () -> {
                session.inject(new InputEvent.PointerTo(100, 100));
                session.inject(new InputEvent.Wheel(0, 1));
            });
        }
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
