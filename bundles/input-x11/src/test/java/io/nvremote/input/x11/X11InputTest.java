// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input.x11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSession.Grab;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.capture.x11.X11Capture;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.input.InputError;
import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSession;
import io.nvremote.input.InputSink;
import io.nvremote.input.x11.ListeningWindow.Heard;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import io.nvremote.media.Size;
import io.nvremote.tck.InputSinkContract;
import io.nvremote.tck.XServer;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against a real X server, heard by a real X program and seen by our capture. */
class X11InputTest extends InputSinkContract {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int A = 0x04;
    private static final int KEYCODE_A = 38;
    private static final int LEFT_SHIFT = 0xE1;
    private static final int KEYCODE_LEFT_SHIFT = 50;
    private static final Map<Integer, Integer> USAGES = Map.of(KEYCODE_A, A, KEYCODE_LEFT_SHIFT, LEFT_SHIFT);
    private static final int LAST_KEY_EVENT = 3;
    private static final int LAST_BUTTON_EVENT = 5;

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

    @Override
    protected InputSink sink() {
        return X11Input.standalone();
    }

    @Override
    protected String display() {
        return server.display();
    }

    @Override
    protected Listener listen() throws Exception {
        ListeningWindow window = new ListeningWindow(server.display());
        return new Listener() {
            @Override
            public @Nullable Told next() throws InterruptedException {
                Heard heard = window.next();
                while (heard != null && heard.type() > LAST_BUTTON_EVENT) {
                    heard = window.next();
                }
                if (heard == null) {
                    return null;
                }
                boolean key = heard.type() <= LAST_KEY_EVENT;
                return new Told(key, key ? USAGES.get(heard.code()) : heard.code(), heard.type() % 2 == 0);
            }

            @Override
            public void close() {
                window.close();
            }
        };
    }

    private static int middle(Frame frame) {
        HostSurface.Plane plane = frame.host().planes().getFirst();
        return plane.memory().get(ValueLayout.JAVA_INT_UNALIGNED, 360L * plane.strideBytes() + 640 * 4) & 0xFFFFFF;
    }

    @Test
    void a_typed_key_is_seen_in_the_captured_picture() throws Exception {
        try (ListeningWindow window = new ListeningWindow(server.display());
                CaptureSession capture = X11Capture.standalone()
                        .open(new CaptureSpec(server.display(), new Size(1280, 720), new FrameRate(60)));
                InputSession input = sink().open(server.display())) {
            int[] colour = new int[1];
            capture.grab(PATIENCE, frame -> colour[0] = middle(frame));
            assertThat(colour[0]).isZero();
            input.inject(new InputEvent.Key(A, true));
            assertThat(window.next()).extracting(Heard::type, Heard::code).containsExactly(2, KEYCODE_A);
            for (int i = 0; i < 50 && colour[0] != ListeningWindow.GREEN; i++) {
                Grab grab = capture.grab(Duration.ofMillis(200), frame -> colour[0] = middle(frame));
                assertThat(grab).isNotEqualTo(Grab.CLOSED);
            }
            assertThat(colour[0]).isEqualTo(ListeningWindow.GREEN);
        }
    }

    @Test
    void keys_arrive_in_order_and_a_modifier_that_goes_down_twice_is_sent_once() throws Exception {
        try (ListeningWindow window = new ListeningWindow(server.display());
                InputSession input = sink().open(server.display())) {
            input.inject(new InputEvent.Key(LEFT_SHIFT, true));
            input.inject(new InputEvent.Key(LEFT_SHIFT, true));
            input.inject(new InputEvent.Key(A, true));
            input.inject(new InputEvent.Key(A, false));
            input.inject(new InputEvent.Key(A, false));
            input.inject(new InputEvent.Key(LEFT_SHIFT, false));
            assertThat(window.next()).extracting(Heard::type, Heard::code).containsExactly(2, KEYCODE_LEFT_SHIFT);
            assertThat(window.next()).extracting(Heard::type, Heard::code).containsExactly(2, KEYCODE_A);
            assertThat(window.next()).extracting(Heard::type, Heard::code).containsExactly(3, KEYCODE_A);
            assertThat(window.next()).extracting(Heard::type, Heard::code).containsExactly(3, KEYCODE_LEFT_SHIFT);
            assertThat(window.left()).isZero();
        }
    }

    @Test
    void every_pixel_can_be_reached_exactly() {
        for (int pixels : new int[] {1, 2, 3, 600, 719, 720, 1080, 1279, 1280, 1366, 1920, 3840, 7680}) {
            for (int pixel = 0; pixel < pixels; pixel++) {
                int sent = pixels == 1 ? 0 : (int) Math.round(pixel * 65535.0 / (pixels - 1));
                assertThat(XTest.pixel(sent, pixels)).isEqualTo(pixel);
            }
        }
    }

    @Test
    void the_pointer_goes_to_parts_of_the_screen_and_by_pixels() throws Exception {
        try (ListeningWindow window = new ListeningWindow(server.display());
                InputSession input = sink().open(server.display())) {
            input.inject(new InputEvent.PointerTo(65535, 65535));
            assertThat(window.next()).extracting(Heard::x, Heard::y).containsExactly(1279, 719);
            input.inject(new InputEvent.PointerTo(0, 0));
            assertThat(window.next()).extracting(Heard::x, Heard::y).containsExactly(0, 0);
            input.inject(new InputEvent.PointerTo(32768, 32768));
            assertThat(window.next()).extracting(Heard::x, Heard::y).containsExactly(640, 360);
            input.inject(new InputEvent.PointerBy(5, -7));
            assertThat(window.next()).extracting(Heard::x, Heard::y).containsExactly(645, 353);
        }
    }

    /** Of a real server, whose monitors are told to it as a desktop may. */
    @Test
    void of_an_output_the_pointer_goes_to_its_part_of_the_screen_wherever_that_is() throws Exception {
        try (Monitors monitors = new Monitors(server.display());
                ListeningWindow window = new ListeningWindow(server.display())) {
            monitors.set("RIGHT", 640, 0, 640, 720);
            try (InputSession input = sink().open(server.display() + "/RIGHT")) {
                input.inject(new InputEvent.PointerTo(0, 0));
                assertThat(window.next()).extracting(Heard::x, Heard::y).containsExactly(640, 0);
                input.inject(new InputEvent.PointerTo(65535, 65535));
                assertThat(window.next()).extracting(Heard::x, Heard::y).containsExactly(1279, 719);
                monitors.set("RIGHT", 0, 360, 100, 200);
                input.inject(new InputEvent.PointerTo(65535, 0));
                assertThat(window.next()).extracting(Heard::x, Heard::y).containsExactly(99, 360);
            }
        }
    }

    @Test
    void an_output_that_is_not_there_is_refused_by_name() {
        assertThatThrownBy(() -> sink().open(server.display() + "/DP-9"))
                .hasMessageContaining("the screen has no output DP-9")
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(InputError.INPUT_UNAVAILABLE));
    }

    @Test
    void buttons_and_whole_notches_of_the_wheel_arrive() throws Exception {
        try (ListeningWindow window = new ListeningWindow(server.display());
                InputSession input = sink().open(server.display())) {
            input.inject(new InputEvent.Button(3, true));
            input.inject(new InputEvent.Button(3, false));
            input.inject(new InputEvent.Wheel(0, 60));
            input.inject(new InputEvent.Wheel(0, 60));
            input.inject(new InputEvent.Wheel(-120, 0));
            for (int[] expected : new int[][] {{4, 3}, {5, 3}, {4, 5}, {5, 5}, {4, 6}, {5, 6}}) {
                assertThat(window.next())
                        .extracting(Heard::type, Heard::code)
                        .containsExactly(expected[0], expected[1]);
            }
        }
    }

    @Test
    void what_is_held_down_goes_up_at_release_all_and_at_close() throws Exception {
        InputSession input = sink().open(server.display());
        try (ListeningWindow window = new ListeningWindow(server.display())) {
            input.inject(new InputEvent.Key(A, true));
            input.inject(new InputEvent.ReleaseAll());
            assertThat(window.next()).extracting(Heard::type, Heard::code).containsExactly(2, KEYCODE_A);
            assertThat(window.next()).extracting(Heard::type, Heard::code).containsExactly(3, KEYCODE_A);
            input.inject(new InputEvent.Key(LEFT_SHIFT, true));
            input.inject(new InputEvent.Button(1, true));
            input.close();
            assertThat(window.next()).extracting(Heard::type, Heard::code).containsExactly(2, KEYCODE_LEFT_SHIFT);
            assertThat(window.next()).extracting(Heard::type, Heard::code).containsExactly(4, 1);
            assertThat(window.next()).extracting(Heard::type, Heard::code).containsExactly(3, KEYCODE_LEFT_SHIFT);
            assertThat(window.next()).extracting(Heard::type, Heard::code).containsExactly(5, 1);
        }
    }

    @Test
    void unknown_keys_are_counted() {
        try (X11InputSession input = (X11InputSession) sink().open(server.display())) {
            input.inject(new InputEvent.Key(0, true));
            input.inject(new InputEvent.Key(0xFFFF, true));
            input.inject(new InputEvent.Button(4, true));
            assertThat(input.ignored()).isEqualTo(3);
        }
    }

    @Test
    void a_server_that_dies_is_said_and_this_process_lives() throws Exception {
        try (XServer other = XServer.start(640, 480, 24)) {
            InputSession input = sink().open(other.display());
            input.inject(new InputEvent.Key(A, true));
            other.kill();
            assertThatThrownBy(() -> input.inject(new InputEvent.Key(A, false)))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(InputError.INPUT_UNAVAILABLE))
                    .hasMessageContaining("closed the connection");
            input.close();
        }
    }

    @Test
    void a_server_that_is_not_there_is_named() {
        assertThatThrownBy(() -> sink().open(":65432"))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(InputError.INPUT_UNAVAILABLE))
                .hasMessageContaining(":65432");
    }
}
