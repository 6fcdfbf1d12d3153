// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.x11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nvremote.capture.CaptureError;
import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSession.Grab;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.capture.Cursor;
import io.nvremote.core.Clock;
import io.nvremote.core.CoreError;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.media.Damage;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import io.nvremote.media.Size;
import io.nvremote.tck.CaptureSourceContract;
import io.nvremote.tck.PaintedWindow;
import io.nvremote.tck.XServer;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against a real X server. */
class X11CaptureTest extends CaptureSourceContract {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration QUIET = Duration.ofMillis(300);
    private static final Size SIZE = new Size(1280, 720);

    private static XServer server;

    private final X11Capture capture = new X11Capture(new X11Settings(""));

    @BeforeAll
    static void start() throws IOException {
        server = XServer.start(SIZE.width(), SIZE.height(), 24);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected CaptureSource source() {
        return capture;
    }

    @Override
    protected String display() {
        return server.display();
    }

    private CaptureSession session(String display, int rate) {
        return capture.open(new CaptureSpec(display, SIZE, new FrameRate(rate)));
    }

    private static int colour(Frame frame, int x, int y) {
        HostSurface.Plane plane = frame.host().planes().getFirst();
        return plane.memory().get(ValueLayout.JAVA_INT_UNALIGNED, (long) y * plane.strideBytes() + 4L * x) & 0xFFFFFF;
    }

    private static void settle(CaptureSession session) {
        while (session.grab(QUIET, frame -> {}) == Grab.PICTURE) {
            assertThat(session).isNotNull();
        }
    }

    @Test
    void what_another_program_draws_is_in_the_picture() {
        List<Integer> colours = new ArrayList<>();
        try (PaintedWindow window = new PaintedWindow(server.display());
                CaptureSession session = session(server.display(), 60)) {
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
    void a_picture_tells_the_rows_that_changed() {
        try (PaintedWindow window = new PaintedWindow(server.display());
                CaptureSession session = session(server.display(), 60)) {
            settle(session);
            window.paint(0x111111, 100, 40, 10, 3);
            window.paint(0x222222, 700, 719, 580, 1);
            List<Damage> damage = new ArrayList<>();
            session.grab(PATIENCE, frame -> damage.add(frame.damage()));
            window.paint(0x333333, 0, 0, 1, 1);
            session.grab(PATIENCE, frame -> damage.add(frame.damage()));
            assertThat(damage.get(0).rows().stream()).containsExactly(40, 41, 42, 719);
            assertThat(damage.get(1).rows().stream()).containsExactly(0);
            assertThat(damage.get(1).session()).isSameAs(damage.get(0).session());
            try (CaptureSession other = session(server.display(), 60)) {
                other.grab(PATIENCE, frame -> assertThat(frame.damage()).isNull());
                window.paint(0x444444);
                other.grab(PATIENCE, frame -> assertThat(frame.damage().session())
                        .isNotSameAs(damage.get(0).session()));
            }
        }
    }

    @Test
    void a_copy_that_takes_only_the_rows_told_stays_equal_to_the_screen() throws Exception {
        int[] copy = new int[SIZE.width() * SIZE.height()];
        AtomicInteger pictures = new AtomicInteger();
        try (PaintedWindow window = new PaintedWindow(server.display());
                CaptureSession session = session(server.display(), 200)) {
            Thread painter = Thread.ofPlatform().start(() -> {
                Random random = new Random(3);
                for (int i = 0; i < 3000 || (pictures.get() < 50 && i < 3_000_000); i++) {
                    int y = random.nextInt(SIZE.height());
                    window.paint(random.nextInt(0x1000000), random.nextInt(1280), y, 40, 1 + random.nextInt(30));
                }
            });
            boolean more = true;
            while (more) {
                more = painter.isAlive();
                if (session.grab(QUIET, frame -> take(frame, copy)) == Grab.PICTURE) {
                    more = true;
                    pictures.incrementAndGet();
                }
            }
            session.refresh();
            assertThat(session.grab(PATIENCE, frame -> assertThat(pixels(frame)).isEqualTo(copy)))
                    .isEqualTo(Grab.PICTURE);
            assertThat(pictures.get()).isGreaterThanOrEqualTo(50);
        }
    }

    private static int[] pixels(Frame frame) {
        HostSurface.Plane plane = frame.host().planes().getFirst();
        return plane.memory().asSlice(0, 4L * SIZE.width() * SIZE.height()).toArray(ValueLayout.JAVA_INT);
    }

    private static void take(Frame frame, int[] copy) {
        int[] now = pixels(frame);
        int width = SIZE.width();
        for (int row = 0; row < SIZE.height(); row++) {
            if (frame.damage() == null || frame.damage().touches(row, row + 1)) {
                System.arraycopy(now, row * width, copy, row * width, width);
            }
        }
    }

    @Test
    void a_screen_at_rest_gives_no_picture() {
        try (PaintedWindow window = new PaintedWindow(server.display());
                CaptureSession session = session(server.display(), 60)) {
            window.paint(0x777777);
            settle(session);
            assertThat(session.grab(Duration.ofMillis(500), frame -> {})).isEqualTo(Grab.UNCHANGED);
            window.paint(0x888888);
            assertThat(session.grab(PATIENCE, frame -> {})).isEqualTo(Grab.PICTURE);
        }
    }

    /** Since before it was opened: no picture's own delay counts, and the tenth is due nine intervals later at the least. */
    @Test
    void a_busy_screen_is_not_captured_faster_than_asked_but_for_a_sixteenth() {
        List<Long> captured = new ArrayList<>();
        long begin = Clock.system().nanos();
        try (PaintedWindow window = new PaintedWindow(server.display());
                CaptureSession session = session(server.display(), 20)) {
            for (int i = 0; i < 10; i++) {
                window.paint(i);
                session.grab(PATIENCE, frame -> {
                    captured.add(frame.stamps().capturedNanos());
                    window.paint(0xFFFFFF);
                });
            }
        }
        assertThat(captured).hasSize(10);
        long interval = new FrameRate(20).intervalNanos();
        assertThat(captured.getLast() - begin).isGreaterThanOrEqualTo(9 * (interval * 16 / 17));
    }

    @Test
    void the_pointer_travels_beside_the_picture() {
        try (PaintedWindow window = new PaintedWindow(server.display());
                CaptureSession session = session(server.display(), 60)) {
            window.showCursor(130);
            window.movePointer(100, 200);
            Cursor first = session.cursor();
            assertThat(first).isNotNull();
            assertThat(first.x()).isEqualTo(100);
            assertThat(first.y()).isEqualTo(200);
            assertThat(first.argb().remaining()).isEqualTo(first.width() * first.height());
            window.movePointer(700, 300);
            Cursor moved = session.cursor();
            assertThat(moved.serial()).isEqualTo(first.serial());
            assertThat(moved.x()).isEqualTo(700);
            window.showCursor(34);
            Cursor changed = session.cursor();
            assertThat(changed.serial()).isNotEqualTo(first.serial());
            assertThat(changed.argb()).isNotEqualTo(first.argb());
        }
    }

    @Test
    void damage_that_cursor_reads_still_wakes_the_grab() throws Exception {
        try (PaintedWindow window = new PaintedWindow(server.display());
                CaptureSession session = session(server.display(), 60)) {
            settle(session);
            Thread painter = Thread.ofPlatform().start(() -> {
                Clock.system().sleep(Duration.ofMillis(100));
                window.paint(0xABCDEF);
                session.cursor();
            });
            assertThat(session.grab(PATIENCE, frame -> {})).isEqualTo(Grab.PICTURE);
            painter.join();
        }
    }

    @Test
    void a_screen_that_changes_its_size_goes_on_in_the_new_one() throws Exception {
        try (XServer other = XServer.start(1280, 720, 24);
                PaintedWindow window = new PaintedWindow(other.display());
                CaptureSession session = session(other.display(), 60)) {
            List<Frame.Retained> before = new ArrayList<>();
            session.grab(PATIENCE, frame -> before.add(frame.retain()));
            window.resizeScreen(800, 600);
            List<Size> seen = new ArrayList<>();
            for (int i = 0; i < 50 && (seen.isEmpty() || seen.getLast().equals(SIZE)); i++) {
                window.paint(i);
                session.grab(QUIET, frame -> seen.add(frame.size()));
            }
            assertThat(seen.getLast()).isEqualTo(new Size(800, 600));
            assertThat(before.getFirst().frame().size()).isEqualTo(SIZE);
            assertThat(colour(before.getFirst().frame(), 1279, 719)).isZero();
            before.getFirst().close();
        }
    }

    @Test
    void a_server_that_dies_is_said_to_be_lost_and_this_process_lives() throws Exception {
        try (XServer other = XServer.start(1280, 720, 24)) {
            CaptureSession session = session(other.display(), 60);
            session.grab(PATIENCE, frame -> {});
            // Two threads that ask all the time, so that now one and now the other is the first to meet the loss.
            AtomicBoolean over = new AtomicBoolean();
            Thread asking = Thread.ofPlatform().daemon().start(() -> {
                while (!over.get()) {
                    session.cursor();
                }
            });
            CompletableFuture<Throwable> loss = CompletableFuture.supplyAsync(() -> catchThrowable(() -> {
                while (true) {
                    session.refresh();
                    session.grab(QUIET, frame -> {});
                }
            }));
            Clock.system().sleep(Duration.ofMillis(100));
            other.kill();
            assertThat(loss)
                    .succeedsWithin(Duration.ofSeconds(30))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(CaptureError.SOURCE_LOST));
            over.set(true);
            assertThat(asking.join(Duration.ofSeconds(30)))
                    .as("the asking thread ends")
                    .isTrue();
            // More requests than Xlib's buffer of 16 KiB holds, if they were made: it then writes through null.
            for (int i = 0; i < 5000; i++) {
                assertThat(session.cursor()).isNull();
            }
            session.refresh();
            session.close();
        }
    }

    @Test
    void a_server_that_is_not_there_is_named() {
        assertThatThrownBy(() -> session(":65432", 60))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(CaptureError.SOURCE_UNAVAILABLE))
                .hasMessageContaining(":65432");
    }

    @Test
    void a_single_output_is_refused() {
        assertThatThrownBy(() -> session(server.display() + "/DP-1", 60))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(CaptureError.SPEC_REFUSED))
                .hasMessageContaining("not the output DP-1 of one");
    }

    @Test
    void a_screen_whose_pixels_say_no_colour_is_refused() throws Exception {
        try (XServer other = XServer.start(640, 480, 8)) {
            assertThatThrownBy(() -> session(other.display(), 60))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(CaptureError.SOURCE_UNAVAILABLE))
                    .hasMessageContaining("depth is 8");
        }
    }

    @Test
    void a_display_name_of_wrong_form_is_refused_with_its_key() {
        assertThatThrownBy(() -> new X11Settings("; rm -rf"))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(CoreError.INVALID_CONFIGURATION))
                .hasMessageContaining("io.nvremote.capture.x11 display=; rm -rf");
    }

    @Test
    void many_sessions_leave_no_shared_memory_and_no_descriptor_behind() throws IOException {
        session(server.display(), 60).close();
        long segments = segments();
        long descriptors = descriptors();
        for (int i = 0; i < 30; i++) {
            try (CaptureSession session = session(server.display(), 60)) {
                session.grab(PATIENCE, frame -> {});
            }
        }
        assertThat(segments()).isEqualTo(segments);
        assertThat(descriptors()).isEqualTo(descriptors);
    }

    private static long segments() throws IOException {
        long mine = 0;
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            mine += line.contains("SYSV") ? 1 : 0;
        }
        return mine;
    }

    private static long descriptors() throws IOException {
        try (var list = Files.list(Path.of("/proc/self/fd"))) {
            return list.count();
        }
    }
}
