// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input.x11;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSession;
import io.nvremote.input.x11.ListeningWindow.Heard;
import io.nvremote.tck.XServer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Repeat, layouts, locks and text on a real X server, as a real X program hears them. */
class X11KeyboardTest {

    private static final int A = 0x04;
    private static final int CAPS_LOCK = 0x39;
    private static final int NUM_LOCK = 0x53;
    private static final int NUMPAD_1 = 0x59;

    private static XServer server;

    @BeforeAll
    static void start() throws IOException {
        server = XServer.start(1280, 720, 24);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void a_key_repeats_as_often_as_the_client_says_and_never_by_itself() throws Exception {
        try (ListeningWindow window = new ListeningWindow(server.display());
                InputSession input = X11Input.standalone().open(server.display())) {
            input.inject(new InputEvent.Key(A, true));
            for (int i = 0; i < 3; i++) {
                input.inject(new InputEvent.Key(A, true));
            }
            int presses = 0;
            for (int i = 0; i < 7; i++) {
                presses += window.next().type() == 2 ? 1 : 0;
            }
            assertThat(presses).isEqualTo(4);
            // The release is lost. The server's own delay before a repeat is 660 ms: three of them pass.
            TimeUnit.SECONDS.sleep(2);
            assertThat(window.left()).as("events that nobody sent").isZero();
        }
    }

    @Test
    void a_desktop_that_turns_repeat_on_again_does_not_make_ours_repeat() throws Exception {
        try (ListeningWindow window = new ListeningWindow(server.display());
                InputSession input = X11Input.standalone().open(server.display())) {
            input.inject(new InputEvent.Key(A, true));
            input.inject(new InputEvent.Key(A, false));
            window.repeatOnAllKeyboards();
            input.inject(new InputEvent.Key(A, true));
            for (int type : new int[] {2, 3, 2}) {
                assertThat(window.next()).extracting(Heard::type).isEqualTo(type);
            }
            TimeUnit.SECONDS.sleep(2);
            assertThat(window.left()).isZero();
        }
    }

    @Test
    void the_real_keyboard_keeps_its_repeat() throws Exception {
        try (ListeningWindow window = new ListeningWindow(server.display());
                InputSession input = X11Input.standalone().open(server.display())) {
            for (int i = 0; i < 2; i++) {
                window.repeatOnAllKeyboards();
                tap(input, A);
                window.next();
                window.next();
            }
            assertThat(Layouts.repeats(server.display(), "Xvfb keyboard")).isTrue();
            assertThat(Layouts.repeats(server.display(), "XTEST keyboard")).isFalse();
        }
    }

    @Test
    void a_layout_that_was_set_for_the_real_keyboard_alone_is_the_one_that_counts() throws Exception {
        try (XServer own = XServer.start(1280, 720, 24);
                ListeningWindow window = new ListeningWindow(own.display());
                InputSession input = X11Input.standalone().open(own.display())) {
            Layouts.onRealKeyboard(own.display(), "de");
            tap(input, 0x1D);
            assertThat(window.next().symbol()).isEqualTo('y');
            assertThat(window.next().symbol()).isEqualTo('y');
            Layouts.onCore(own.display(), "fr");
            TimeUnit.MILLISECONDS.sleep(1100); // layouts are looked at after a pause in the typing
            tap(input, 0x1D);
            assertThat(window.next().symbol()).isEqualTo('w');
            assertThat(window.next().symbol()).isEqualTo('w');
            Layouts.onRealKeyboard(own.display(), "us");
            TimeUnit.MILLISECONDS.sleep(1100);
            tap(input, 0x1D);
            assertThat(window.next().symbol()).isEqualTo('z');
        }
    }

    @Test
    void locks_are_as_the_client_has_them_whatever_the_host_had() throws Exception {
        try (ListeningWindow window = new ListeningWindow(server.display());
                InputSession input = X11Input.standalone().open(server.display())) {
            for (boolean on : new boolean[] {true, true, false, false, true, false}) {
                input.inject(new InputEvent.Lock(CAPS_LOCK, on));
                tap(input, A);
                assertThat(window.next().symbol()).isEqualTo(on ? 'A' : 'a');
                window.next();
                input.inject(new InputEvent.Lock(NUM_LOCK, on));
                tap(input, NUMPAD_1);
                assertThat(window.next().symbol()).isEqualTo(on ? 0xFFB1 : 0xFF9C); // KP_1, KP_End
                window.next();
            }
            tap(input, CAPS_LOCK);
            input.inject(new InputEvent.Lock(CAPS_LOCK, false));
            tap(input, A);
            window.next();
            window.next();
            assertThat(window.next().symbol()).isEqualTo('a');
        }
    }

    @Test
    void text_that_no_key_of_the_layout_has_is_typed() throws Exception {
        String text = "é日本😀ß";
        try (ListeningWindow window = new ListeningWindow(server.display());
                InputSession input = X11Input.standalone().open(server.display())) {
            input.inject(new InputEvent.Lock(CAPS_LOCK, true));
            input.inject(new InputEvent.Text(text));
            for (int character : text.codePoints().toArray()) {
                assertThat(window.next())
                        .extracting(Heard::type, Heard::symbol)
                        .containsExactly(2, TypedText.symbol(character));
                assertThat(window.next().type()).isEqualTo(3);
            }
        }
    }

    private static void tap(InputSession input, int usage) {
        input.inject(new InputEvent.Key(usage, true));
        input.inject(new InputEvent.Key(usage, false));
    }
}
