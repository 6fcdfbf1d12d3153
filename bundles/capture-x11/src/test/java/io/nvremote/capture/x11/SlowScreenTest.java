// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.x11;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSession.Grab;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.capture.Cursor;
import io.nvremote.core.FrameRate;
import io.nvremote.media.Damage;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import io.nvremote.media.Size;
import io.nvremote.tck.CaptureSourceContract;
import io.nvremote.tck.PaintedWindow;
import io.nvremote.tck.XServer;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Screens that are read over the connection: the contract on one without shared memory, colours in every depth. */
class SlowScreenTest extends CaptureSourceContract {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration QUIET = Duration.ofMillis(300);
    private static final Size SIZE = new Size(641, 363);

    private static XServer server;

    private final X11Capture capture = new X11Capture(new X11Settings(""));

    @BeforeAll
    static void start() throws IOException {
        server = XServer.start(SIZE.width(), SIZE.height(), 24, "-extension", "MIT-SHM");
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

    @Test
    void colours_are_right_in_every_depth_with_and_without_shared_memory() throws Exception {
        for (int depth : new int[] {15, 16, 24, 30}) {
            for (String[] options : new String[][] {{}, {"-extension", "MIT-SHM"}}) {
                try (XServer other = XServer.start(SIZE.width(), SIZE.height(), depth, options)) {
                    assertColours(other.display(), depth);
                }
            }
        }
    }

    private void assertColours(String display, int depth) {
        try (PaintedWindow window = new PaintedWindow(display);
                CaptureSession session = capture.open(new CaptureSpec(display, SIZE, new FrameRate(60)))) {
            while (session.grab(QUIET, frame -> {}) == Grab.PICTURE) {
                assertThat(session).isNotNull();
            }
            for (int rgb : new int[] {0xFF0000, 0x00FF00, 0x0000FF, 0xFFFFFF, 0x848484, 0}) {
                window.paint(pixel(rgb, depth));
                List<Integer> seen = new ArrayList<>();
                List<Damage> damage = new ArrayList<>();
                session.grab(PATIENCE, frame -> {
                    damage.add(frame.damage());
                    seen.add(colour(frame, 0, 0));
                    seen.add(colour(frame, SIZE.width() - 1, SIZE.height() - 1));
                });
                assertThat(seen).as("depth %d", depth).containsOnly(rgb);
                assertThat(damage.getFirst().rows().cardinality()).isEqualTo(SIZE.height());
            }
        }
    }

    /** The server's own number for a colour. */
    private static int pixel(int rgb, int depth) {
        int red = rgb >> 16;
        int green = (rgb >> 8) & 0xFF;
        int blue = rgb & 0xFF;
        return switch (depth) {
            case 15 -> ((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3);
            case 16 -> ((red >> 3) << 11) | ((green >> 2) << 5) | (blue >> 3);
            case 30 -> ((red * 1023 / 255) << 20) | ((green * 1023 / 255) << 10) | (blue * 1023 / 255);
            default -> rgb;
        };
    }

    /** With 5 and 6 bits a grey of 0x84 comes out as what they can say. */
    private static int colour(Frame frame, int x, int y) {
        HostSurface.Plane plane = frame.host().planes().getFirst();
        int seen =
                plane.memory().get(ValueLayout.JAVA_INT_UNALIGNED, (long) y * plane.strideBytes() + 4L * x) & 0xFFFFFF;
        int red = seen >> 16;
        boolean grey = Math.abs(red - 0x84) <= 1 && Math.abs(((seen >> 8) & 0xFF) - 0x84) <= 3;
        return grey ? 0x848484 : seen;
    }

    @Test
    void any_number_of_bits_becomes_eight_with_black_and_white_exact() {
        for (long mask : new long[] {0x1FL, 0x7E0L, 0xF800L, 0xFFL, 0x3FFL << 20}) {
            assertThat(PixelForm.part(0xFFFFFFFFL, mask)).isEqualTo(255);
            assertThat(PixelForm.part(~mask & 0xFFFFFFFFL, mask)).isZero();
        }
        assertThat(PixelForm.part(0x10, 0x1F)).isEqualTo(131);
    }

    @Test
    void a_screen_whose_pointer_nobody_has_set_shows_an_arrow_and_a_program_may_hide_its_own() throws Exception {
        try (XServer fresh = XServer.start(640, 480, 24);
                CaptureSession session = capture.open(new CaptureSpec(fresh.display(), SIZE, new FrameRate(60)))) {
            Cursor bare = Objects.requireNonNull(session.cursor());
            assertThat(visible(bare)).as("over the bare root window").isTrue();
            try (PaintedWindow window = new PaintedWindow(fresh.display())) {
                window.showCursor(130);
                window.movePointer(100, 100);
                Cursor plus = Objects.requireNonNull(session.cursor());
                assertThat(visible(plus)).isTrue();
                assertThat(plus.serial()).isNotEqualTo(bare.serial());
            }
            Cursor again = Objects.requireNonNull(session.cursor());
            assertThat(visible(again)).as("the window is gone").isTrue();
        }
    }

    private static boolean visible(Cursor cursor) {
        boolean visible = false;
        for (int i = cursor.argb().position(); i < cursor.argb().limit(); i++) {
            visible |= cursor.argb().get(i) >>> 24 != 0;
        }
        return visible;
    }
}
