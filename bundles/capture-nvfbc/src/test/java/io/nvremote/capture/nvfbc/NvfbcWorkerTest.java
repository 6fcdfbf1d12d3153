// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import static io.nvremote.capture.nvfbc.Pixels.PATIENCE;
import static io.nvremote.capture.nvfbc.Pixels.colour;
import static io.nvremote.capture.nvfbc.Pixels.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nvremote.capture.CaptureError;
import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSession.Grab;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.capture.Cursor;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.media.Size;
import io.nvremote.media.worker.MediaWorkers;
import io.nvremote.tck.CaptureSourceContract;
import io.nvremote.tck.PaintedWindow;
import io.nvremote.tck.XServer;
import io.nvremote.tests.drivers.FakeDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fake driver: the source as a host has it, in worker processes; the TCK, and a driver that takes its process with it. */
class NvfbcWorkerTest extends CaptureSourceContract {

    private static final Size SIZE = new Size(1280, 720);

    @TempDir
    private Path folder;

    private XServer server;
    private MediaWorkers workers;
    private NvfbcCapture capture;
    private FakeDriver driver;

    @BeforeEach
    void start() throws IOException {
        server = XServer.start(SIZE.width(), SIZE.height(), 24);
        workers = MediaWorkers.standalone();
        use(Map.of());
    }

    private void use(Map<String, Long> behaviour) {
        if (capture != null) {
            capture.close();
        }
        driver = FakeMachine.driver(folder, behaviour);
        capture = new NvfbcCapture(FakeMachine.settings(driver, ""), workers);
    }

    @AfterEach
    void stop() {
        if (capture != null) {
            capture.close();
        }
        workers.close();
        server.close();
        assertThat(driver.report()).as("what the fake driver says").isEmpty();
    }

    @Override
    protected CaptureSource source() {
        return capture;
    }

    @Override
    protected String display() {
        return server.display();
    }

    private CaptureSession session() {
        return capture.open(new CaptureSpec(server.display(), SIZE, new FrameRate(60)));
    }

    private void refused(String words) {
        assertThatThrownBy(this::session)
                .hasMessageContaining(words)
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(CaptureError.SOURCE_UNAVAILABLE));
    }

    @Test
    void what_another_program_draws_is_in_the_picture() {
        List<Integer> colours = new ArrayList<>();
        try (PaintedWindow window = new PaintedWindow(server.display());
                CaptureSession session = session()) {
            settle(session);
            for (int rgb : new int[] {0xFF0000, 0x00FF00, 0x0000FF, 0x123456}) {
                window.paint(rgb);
                assertThat(session.grab(PATIENCE, frame -> {
                            assertThat(frame.size()).isEqualTo(SIZE);
                            assertThat(colour(frame, 0, 0)).isEqualTo(colour(frame, 1279, 719));
                            colours.add(colour(frame, 640, 360));
                        }))
                        .isEqualTo(Grab.PICTURE);
            }
        }
        assertThat(colours).containsExactly(0xFF0000, 0x00FF00, 0x0000FF, 0x123456);
    }

    @Test
    void the_pointer_travels_beside_the_picture() {
        try (PaintedWindow window = new PaintedWindow(server.display());
                CaptureSession session = session()) {
            window.showCursor(130);
            window.movePointer(100, 200);
            Cursor first = session.cursor();
            assertThat(first).isNotNull();
            assertThat(first.x()).isEqualTo(100);
            assertThat(first.y()).isEqualTo(200);
            window.showCursor(34);
            Cursor changed = session.cursor();
            assertThat(changed.serial()).isNotEqualTo(first.serial());
            assertThat(changed.argb()).isNotEqualTo(first.argb());
        }
    }

    /** Each process's tenth grab never returns: it is ended, and the next one goes on. */
    @Test
    void a_driver_that_never_returns_costs_no_stream() {
        use(Map.of("grab_hang_after", 10L));
        List<Long> sequences = new ArrayList<>();
        try (CaptureSession session = session()) {
            for (int i = 0; i < 15; i++) {
                session.refresh();
                assertThat(session.grab(PATIENCE, frame -> sequences.add(frame.sequence())))
                        .isEqualTo(Grab.PICTURE);
            }
        }
        assertThat(sequences).hasSize(15).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void a_further_session_than_the_driver_takes_is_refused_and_has_room_later() {
        use(Map.of("captures", 1L));
        try (CaptureSession session = session()) {
            assertThat(session.grab(PATIENCE, frame -> {})).isEqualTo(Grab.PICTURE);
            refused("takes no further capture session");
        }
        try (CaptureSession session = session()) {
            assertThat(session.grab(PATIENCE, frame -> {})).isEqualTo(Grab.PICTURE);
        }
    }

    @Test
    void two_outputs_are_two_displays_of_one_host() {
        use(Map.of("outputs", 2L));
        String left = server.display() + "/FAKE-0";
        String right = server.display() + "/FAKE-1";
        List<Integer> colours = new ArrayList<>();
        try (PaintedWindow window = new PaintedWindow(server.display());
                CaptureSession first = capture.open(new CaptureSpec(left, SIZE, new FrameRate(60)));
                CaptureSession second = capture.open(new CaptureSpec(right, SIZE, new FrameRate(60)))) {
            settle(first);
            settle(second);
            window.paint(0xFF0000);
            window.paint(0x0000FF, SIZE.width() / 2, 0, SIZE.width() / 2, SIZE.height());
            for (CaptureSession each : List.of(first, second)) {
                each.refresh();
                each.grab(PATIENCE, frame -> {
                    assertThat(frame.size()).isEqualTo(new Size(SIZE.width() / 2, SIZE.height()));
                    assertThat(colour(frame, 0, 0)).isEqualTo(colour(frame, 639, 719));
                    colours.add(colour(frame, 0, 0));
                });
                assertThat(each.displays()).containsExactly(server.display(), left, right);
            }
        }
        assertThat(colours).containsExactly(0xFF0000, 0x0000FF);
        assertThatThrownBy(() -> capture.open(new CaptureSpec(server.display() + "/DP-3", SIZE, new FrameRate(60))))
                .hasMessageContaining("the screen has no output DP-3, it has [FAKE-0, FAKE-1]");
    }

    @Test
    void a_gpu_whose_driver_refuses_says_so_in_one_line() {
        use(Map.of("fbc_impossible", 1L));
        refused("not supported on this GPU or X server");
    }

    @Test
    void an_x_server_that_is_not_there_is_named() {
        assertThatThrownBy(() -> capture.open(new CaptureSpec(":65432", SIZE, new FrameRate(60))))
                .hasMessageContaining(":65432")
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(CaptureError.SOURCE_UNAVAILABLE));
    }

    @Test
    void an_x_server_that_dies_is_said_to_be_lost() {
        CaptureSession session = session();
        assertThat(session.grab(PATIENCE, frame -> {})).isEqualTo(Grab.PICTURE);
        server.kill();
        Throwable loss = catchThrowable(() -> {
            for (int i = 0; i < 100; i++) {
                session.refresh();
                session.grab(PATIENCE, frame -> {});
            }
        });
        assertThat(loss).isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                .isEqualTo(CaptureError.SOURCE_LOST));
        session.close();
    }

    @Test
    void without_a_driver_there_is_no_worker_and_it_says_what_lacks() {
        NvfbcCapture none = new NvfbcCapture(NvfbcSettings.of(Map.of("driver.folder", folder.toString())), workers);
        assertThatThrownBy(() -> none.open(new CaptureSpec("", SIZE, new FrameRate(60))))
                .hasMessageContaining("libnvidia-fbc.so.1")
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(CaptureError.SOURCE_UNAVAILABLE));
        none.close();
    }
}
