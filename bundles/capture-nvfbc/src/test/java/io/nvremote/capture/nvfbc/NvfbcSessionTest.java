// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import static io.nvremote.capture.nvfbc.Pixels.PATIENCE;
import static io.nvremote.capture.nvfbc.Pixels.QUIET;
import static io.nvremote.capture.nvfbc.Pixels.colour;
import static io.nvremote.capture.nvfbc.Pixels.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.capture.CaptureError;
import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSession.Grab;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.core.Clock;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.media.Damage;
import io.nvremote.media.Frame;
import io.nvremote.media.Size;
import io.nvremote.tck.PaintedWindow;
import io.nvremote.tck.XServer;
import io.nvremote.tests.drivers.FakeDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fake driver: a session in this process, where it shows what it gives back; at its end nothing wrong was done and nothing is left open. */
class NvfbcSessionTest {

    private static final Size SIZE = new Size(640, 360);

    @TempDir
    private Path folder;

    private XServer server;
    private PaintedWindow window;
    private FakeDriver driver;

    @BeforeEach
    void start() throws IOException {
        server = XServer.start(SIZE.width(), SIZE.height(), 24);
        FakeMachine.display(server.display());
        window = new PaintedWindow(server.display());
        driver = FakeMachine.driver(folder, Map.of());
    }

    @AfterEach
    void stop() {
        window.close();
        server.close();
        assertThat(driver.report()).as("what the fake driver says").isEmpty();
        assertThat(driver.open()).as("left open").isEmpty();
    }

    private CaptureSession session(String output) {
        return NvfbcSession.open(FakeMachine.settings(driver, output), "", new FrameRate(200), Clock.system());
    }

    private void refused(String output, String words) {
        assertThatThrownBy(() -> session(output))
                .hasMessageContaining(words)
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(CaptureError.SOURCE_UNAVAILABLE));
    }

    @Test
    void a_picture_tells_the_rows_that_changed_in_sixteens() {
        try (CaptureSession session = session("")) {
            settle(session);
            List<Damage> damage = new ArrayList<>();
            window.paint(0x111111, 100, 40, 10, 3);
            session.grab(PATIENCE, frame -> damage.add(frame.damage()));
            window.paint(0x222222, 300, 359, 10, 1);
            session.grab(PATIENCE, frame -> damage.add(frame.damage()));
            session.refresh();
            session.grab(PATIENCE, frame -> assertThat(frame.damage()).isNull());
            assertThat(damage.get(0).rows().stream().boxed()).first().isEqualTo(32);
            assertThat(damage.get(0).rows().cardinality()).isEqualTo(16);
            assertThat(damage.get(1).rows().stream().boxed()).containsExactly(352, 353, 354, 355, 356, 357, 358, 359);
            assertThat(damage.get(1).session()).isSameAs(damage.get(0).session());
        }
    }

    @Test
    void a_copy_that_takes_only_the_rows_told_stays_equal_to_the_screen() {
        int[] copy = new int[SIZE.width() * SIZE.height()];
        Random random = new Random(3);
        try (CaptureSession session = session("")) {
            for (int i = 0; i < 300; i++) {
                for (int each = random.nextInt(3); each >= 0; each--) {
                    int y = random.nextInt(SIZE.height());
                    window.paint(random.nextInt(0x1000000), random.nextInt(600), y, 40, 1 + random.nextInt(30));
                }
                if (i % 50 == 7) {
                    driver.set("recreate_after", 1);
                }
                session.grab(PATIENCE, frame -> take(frame, copy));
            }
            Grab last = Grab.PICTURE;
            while (last == Grab.PICTURE) {
                last = session.grab(QUIET, frame -> take(frame, copy));
            }
            session.refresh();
            assertThat(session.grab(
                            PATIENCE, frame -> assertThat(Pixels.all(frame)).isEqualTo(copy)))
                    .isEqualTo(Grab.PICTURE);
        }
    }

    @Test
    void a_driver_that_wants_a_new_session_for_ever_is_given_up() {
        try (CaptureSession session = session("")) {
            settle(session);
            driver.set("recreate", 1);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 5; i++) {
                            session.grab(PATIENCE, frame -> {});
                        }
                    })
                    .hasMessageContaining("again and again")
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(CaptureError.SOURCE_LOST));
        }
    }

    private static void take(Frame frame, int[] copy) {
        int[] now = Pixels.all(frame);
        int width = SIZE.width();
        for (int row = 0; row < SIZE.height(); row++) {
            if (frame.damage() == null || frame.damage().touches(row, row + 1)) {
                System.arraycopy(now, row * width, copy, row * width, width);
            }
        }
    }

    @Test
    void a_screen_at_rest_gives_no_picture() {
        try (CaptureSession session = session("")) {
            settle(session);
            assertThat(session.grab(QUIET, frame -> {})).isEqualTo(Grab.UNCHANGED);
            window.paint(0x888888);
            assertThat(session.grab(PATIENCE, frame -> {})).isEqualTo(Grab.PICTURE);
        }
    }

    @Test
    void a_session_that_must_be_made_anew_goes_on_when_the_mode_is_set() {
        try (CaptureSession session = session("")) {
            settle(session);
            driver.set("modeset", 5);
            driver.set("recreate_after", 1);
            assertThat(session.grab(
                            PATIENCE, frame -> assertThat(frame.damage()).isNull()))
                    .isEqualTo(Grab.PICTURE);
        }
    }

    @Test
    void a_mode_that_is_never_set_makes_a_grab_late_and_not_lost() {
        try (CaptureSession session = session("")) {
            settle(session);
            driver.set("modeset", 1_000_000);
            driver.set("recreate_after", 1);
            assertThat(session.grab(QUIET, frame -> {})).isEqualTo(Grab.UNCHANGED);
            driver.set("modeset", 0);
            assertThat(session.grab(PATIENCE, frame -> {})).isEqualTo(Grab.PICTURE);
        }
    }

    @Test
    void a_screen_that_changes_its_size_goes_on_in_the_new_one() {
        try (CaptureSession session = session("")) {
            List<Frame.Retained> before = new ArrayList<>();
            window.paint(0x123456);
            settle(session);
            session.refresh();
            session.grab(PATIENCE, frame -> before.add(frame.retain()));
            window.resizeScreen(320, 200);
            List<Size> seen = new ArrayList<>();
            for (int i = 0; i < 50 && (seen.isEmpty() || seen.getLast().equals(SIZE)); i++) {
                window.paint(i);
                session.grab(QUIET, frame -> {
                    seen.add(frame.size());
                    colour(frame, frame.size().width() - 1, frame.size().height() - 1);
                });
            }
            assertThat(seen.getLast()).isEqualTo(new Size(320, 200));
            assertThat(colour(before.getFirst().frame(), 639, 359)).isEqualTo(0x123456);
            before.getFirst().close();
        }
    }

    @Test
    void an_output_is_found_by_its_name_whatever_its_number_is() {
        driver.set("outputs", 2);
        try (CaptureSession session = session("FAKE-1")) {
            window.paint(0x333333);
            window.paint(0x444444, 320, 0, 320, 360);
            window.movePointer(400, 50);
            settle(session);
            session.refresh();
            session.grab(PATIENCE, frame -> {
                assertThat(frame.size()).isEqualTo(new Size(320, 360));
                assertThat(colour(frame, 0, 0)).isEqualTo(0x444444);
            });
            assertThat(session.cursor().x()).isEqualTo(80);
            driver.set("moved", 7);
            driver.set("recreate_after", 1);
            session.grab(PATIENCE, frame -> assertThat(colour(frame, 0, 0)).isEqualTo(0x444444));
        }
        refused("DP-3", "the screen has no output DP-3, it has [FAKE-0, FAKE-1]");
    }

    /** By the display that a stream asks for; the settings name none. */
    private CaptureSession shown(String display) {
        return new NvfbcBody()
                .make(FakeMachine.settings(driver, "").toMap())
                .open(new CaptureSpec(display, SIZE, new FrameRate(200)));
    }

    @Test
    void outputs_are_displays_of_their_screen_by_name() {
        driver.set("outputs", 2);
        window.paint(0x333333);
        window.paint(0x444444, 320, 0, 320, 360);
        try (CaptureSession left = shown(":7/FAKE-0")) {
            assertThat(left.displays()).containsExactly(":7", ":7/FAKE-0", ":7/FAKE-1");
            left.grab(PATIENCE, frame -> assertThat(colour(frame, 319, 359)).isEqualTo(0x333333));
        }
        try (CaptureSession right = shown("/FAKE-1")) {
            right.grab(PATIENCE, frame -> assertThat(colour(frame, 0, 0)).isEqualTo(0x444444));
        }
        driver.set("outputs", 1);
        try (CaptureSession whole = shown("")) {
            assertThat(whole.displays()).as("nothing to choose").isEmpty();
        }
    }

    @Test
    void an_output_that_goes_away_is_said_to_be_lost_and_is_there_again_when_it_is_back() {
        driver.set("outputs", 2);
        window.paint(0x444444);
        try (CaptureSession session = shown("/FAKE-1")) {
            settle(session);
            driver.set("outputs", 1);
            driver.set("recreate_after", 1);
            assertThatThrownBy(() -> session.grab(PATIENCE, frame -> {}))
                    .hasMessageContaining("the screen has no output FAKE-1, it has [FAKE-0]")
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(CaptureError.SOURCE_LOST));
        }
        assertThatThrownBy(() -> shown("/FAKE-1"))
                .hasMessageContaining("the screen has no output FAKE-1, it has [FAKE-0]")
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(CaptureError.SOURCE_UNAVAILABLE));
        driver.set("outputs", 2);
        try (CaptureSession session = shown("/FAKE-1")) {
            session.grab(PATIENCE, frame -> {
                assertThat(frame.size()).isEqualTo(new Size(320, 360));
                assertThat(colour(frame, 0, 0)).isEqualTo(0x444444);
            });
        }
    }

    @Test
    void a_direct_capture_that_is_none_is_given_up_and_pictures_go_on() {
        driver.set("indirect", 1);
        try (CaptureSession session = session("")) {
            for (int i = 0; i < 10; i++) {
                window.paint(i);
                assertThat(session.grab(PATIENCE, frame -> {})).isEqualTo(Grab.PICTURE);
            }
        }
    }

    @Test
    void a_screen_that_is_busy_is_waited_for() {
        driver.set("fbc_busy", 3);
        session("").close();
    }

    @ParameterizedTest
    @CsvSource({
        "fbc_api, 256, the driver does not speak NvFBC 1.7",
        "fbc_null, 64, the driver has no TO_SYS_GRAB_FRAME",
        "fbc_impossible, 1, not supported on this GPU or X server",
        "clients, 0, takes no further capture session",
        "captures, 0, takes no further capture session"
    })
    void what_the_driver_refuses_is_said_with_the_reason(String key, long value, String words) {
        driver.set(key, value);
        refused("", words);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 9, 10, 15})
    void a_driver_that_fails_in_a_stream_ends_it_and_another_may_be_opened(long status) {
        driver.set("fail_status", status);
        try (CaptureSession session = session("")) {
            settle(session);
            driver.set("fail_after", 1);
            assertThatThrownBy(() -> session.grab(PATIENCE, frame -> {}))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(CaptureError.SOURCE_LOST));
        }
        session("").close();
    }
}
