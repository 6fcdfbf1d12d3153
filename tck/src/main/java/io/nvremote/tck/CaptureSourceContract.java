// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSession.Grab;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.core.Clock;
import io.nvremote.core.FrameRate;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every {@link CaptureSource} must do. */
public abstract class CaptureSourceContract {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The source under test. */
    protected abstract CaptureSource source();

    /** A screen of the source, in its own words. */
    protected String display() {
        return "";
    }

    /** A size that the source takes. */
    protected Size size() {
        return new Size(1280, 720);
    }

    private CaptureSession open() {
        return source().open(new CaptureSpec(display(), size(), new FrameRate(60)));
    }

    @Test
    public void the_first_grab_hands_over_the_screen_as_it_is() {
        List<Size> sizes = new ArrayList<>();
        try (CaptureSession session = open()) {
            assertThat(session.grab(PATIENCE, frame -> sizes.add(readable(frame))))
                    .isEqualTo(Grab.PICTURE);
        }
        assertThat(sizes).hasSize(1);
    }

    /** Touches the first and the last pixel of each plane: memory that is not there fails here. */
    private static Size readable(Frame frame) {
        HostSurface surface = frame.host();
        for (int i = 0; i < surface.planes().size(); i++) {
            HostSurface.Plane plane = surface.planes().get(i);
            int rows = i == 0 ? surface.size().height() : (surface.size().height() + 1) / 2;
            assertThat(plane.memory().isNative()).isTrue();
            long last = (long) plane.strideBytes() * rows - 1;
            plane.memory().get(ValueLayout.JAVA_BYTE, 0);
            plane.memory().get(ValueLayout.JAVA_BYTE, last);
        }
        return surface.size();
    }

    @Test
    public void a_refresh_makes_the_next_grab_hand_over_a_picture_with_a_higher_sequence() {
        List<Long> sequences = new ArrayList<>();
        List<StageStamps> stamps = new ArrayList<>();
        try (CaptureSession session = open()) {
            for (int i = 0; i < 5; i++) {
                session.refresh();
                assertThat(session.grab(PATIENCE, frame -> {
                            sequences.add(frame.sequence());
                            stamps.add(frame.stamps());
                        }))
                        .isEqualTo(Grab.PICTURE);
            }
        }
        assertThat(sequences).hasSize(5).doesNotHaveDuplicates().isSorted();
        long now = Clock.system().nanos();
        assertThat(stamps).allSatisfy(each -> {
            assertThat(each.shownNanos()).isPositive().isLessThanOrEqualTo(each.capturedNanos());
            assertThat(each.capturedNanos()).isLessThanOrEqualTo(now);
            assertThat(each.encodedNanos()).isZero();
        });
    }

    @Test
    public void a_retained_picture_is_not_drawn_over() {
        List<Frame.Retained> retained = new ArrayList<>();
        try (CaptureSession session = open()) {
            assertThat(session.grab(PATIENCE, frame -> retained.add(frame.retain())))
                    .isEqualTo(Grab.PICTURE);
            long before = fingerprint(retained.getFirst().frame());
            for (int i = 0; i < 5; i++) {
                session.refresh();
                session.grab(Duration.ofMillis(200), frame -> assertThat(
                                frame.host().planes().getFirst().memory())
                        .isNotEqualTo(retained.getFirst()
                                .frame()
                                .host()
                                .planes()
                                .getFirst()
                                .memory()));
            }
            assertThat(fingerprint(retained.getFirst().frame())).isEqualTo(before);
            retained.getFirst().close();
            retained.getFirst().close();
        }
    }

    private static long fingerprint(Frame frame) {
        HostSurface.Plane plane = frame.host().planes().getFirst();
        long bytes = (long) plane.strideBytes() * frame.size().height();
        long sum = 0;
        for (long offset = 0; offset + 8 <= bytes; offset += 8) {
            sum = sum * 31 + plane.memory().get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
        }
        return sum;
    }

    @Test
    public void close_ends_a_grab_that_waits() throws Exception {
        CaptureSession session = open();
        session.grab(PATIENCE, frame -> {});
        CompletableFuture<Grab> last = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            Grab grab;
            do {
                grab = session.grab(Duration.ofSeconds(60), frame -> {});
            } while (grab != Grab.CLOSED);
            last.complete(grab);
        });
        Clock.system().sleep(Duration.ofMillis(100));
        session.close();
        assertThat(last.get(10, TimeUnit.SECONDS)).isEqualTo(Grab.CLOSED);
        session.close();
        session.refresh();
        assertThat(session.grab(PATIENCE, frame -> {})).isEqualTo(Grab.CLOSED);
    }

    @Test
    public void a_sink_that_throws_does_not_break_the_session() {
        List<Long> sequences = new ArrayList<>();
        try (CaptureSession session = open()) {
            try {
                session.grab(PATIENCE, frame -> {
                    throw new IllegalStateException("the sink failed");
                });
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("the sink failed");
            }
            session.refresh();
            assertThat(session.grab(PATIENCE, frame -> sequences.add(frame.sequence())))
                    .isEqualTo(Grab.PICTURE);
        }
        assertThat(sequences).hasSize(1);
    }
}
