// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.capture.CaptureError;
import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSession.Grab;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.capture.Cursor;
import io.nvremote.core.Clock;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.media.Damage;
import io.nvremote.media.Frame;
import io.nvremote.media.FrameSink;
import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every {@link CaptureSource} must do. */
public abstract class CaptureSourceContract {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long PICTURE_BYTES = 64 << 10;
    private static final int RATE_WINDOWS = LongRun.times(4, 8);

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
        return source().open(spec(60));
    }

    private CaptureSpec spec(int perSecond) {
        return new CaptureSpec(display(), size(), new FrameRate(perSecond));
    }

    private static void next(CaptureSession session, FrameSink sink) {
        session.refresh();
        assertThat(session.grab(PATIENCE, sink)).isEqualTo(Grab.PICTURE);
    }

    @Test
    public void the_first_grab_hands_over_the_screen_as_it_is() {
        List<Size> sizes = new ArrayList<>();
        Thread caller = Thread.currentThread();
        try (CaptureSession session = open()) {
            assertThat(session.grab(PATIENCE, frame -> {
                        assertThat(Thread.currentThread()).isEqualTo(caller);
                        sizes.add(readable(frame));
                    }))
                    .isEqualTo(Grab.PICTURE);
            assertThat(sizes).hasSize(1);
        }
    }

    /** Touches the first and the last pixel of each plane: memory that is not there fails here. */
    private static Size readable(Frame frame) {
        HostSurface surface = frame.host();
        for (int i = 0; i < surface.planes().size(); i++) {
            HostSurface.Plane plane = surface.planes().get(i);
            int rows = i == 0 ? surface.size().height() : (surface.size().height() + 1) / 2;
            assertThat(plane.memory().isNative()).isTrue();
            assertThat(plane.strideBytes()).isGreaterThanOrEqualTo(rowBytes(surface, i));
            long last = (long) plane.strideBytes() * rows - 1;
            plane.memory().get(ValueLayout.JAVA_BYTE, 0);
            plane.memory().get(ValueLayout.JAVA_BYTE, last);
        }
        return surface.size();
    }

    private static int rowBytes(HostSurface surface, int plane) {
        int width = surface.size().width();
        return surface.format().equals(PixelFormat.BGRA) ? 4 * width : plane == 0 ? width : (width + 1) / 2;
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

    /** A least time, in each of several windows: a machine that stands still in one does not hide what the others show. */
    @Test
    public void pictures_come_no_faster_than_the_rate_and_a_sixteenth() {
        int pictures = 12;
        try (CaptureSession session = source().open(spec(30))) {
            next(session, frame -> {});
            long least = (pictures - 2) * new FrameRate(30).intervalNanos() * 16 / 17;
            for (int window = 0; window < RATE_WINDOWS; window++) {
                long begin = System.nanoTime();
                for (int i = 0; i < pictures; i++) {
                    next(session, frame -> {});
                }
                assertThat(System.nanoTime() - begin)
                        .as("nanoseconds of 12 pictures")
                        .isGreaterThanOrEqualTo(least);
            }
        }
    }

    /** A picture as it was, where its source says what changed. */
    private record Told(long sequence, Damage damage, List<byte[]> rows) {

        /** Rows that are not what they were and that are not said to have changed. */
        List<Integer> untold(Told before) {
            List<Integer> untold = new ArrayList<>();
            boolean follows = before.sequence + 1 == sequence
                    && before.damage.session() == damage.session()
                    && before.rows.size() == rows.size();
            for (int y = 0; follows && y < rows.size(); y++) {
                if (!damage.rows().get(y) && !Arrays.equals(rows.get(y), before.rows.get(y))) {
                    untold.add(y);
                }
            }
            return untold;
        }
    }

    /** A source may say nothing. What it says must hold, since only those rows are taken. */
    @Test
    public void rows_outside_of_the_damage_are_the_same_as_before() {
        List<Told> told = new ArrayList<>();
        try (CaptureSession session = open()) {
            for (int i = 0; i < 6; i++) {
                next(session, frame -> {
                    Damage damage = frame.damage();
                    if (damage != null) {
                        told.add(new Told(frame.sequence(), damage, rows(frame.host())));
                    }
                });
            }
        }
        for (int i = 1; i < told.size(); i++) {
            assertThat(told.get(i).untold(told.get(i - 1)))
                    .as("rows that changed")
                    .isEmpty();
        }
    }

    /** Of the first plane. */
    private static List<byte[]> rows(HostSurface surface) {
        HostSurface.Plane plane = surface.planes().getFirst();
        List<byte[]> rows = new ArrayList<>();
        for (int y = 0; y < surface.size().height(); y++) {
            byte[] row = new byte[rowBytes(surface, 0)];
            long at = (long) y * plane.strideBytes();
            MemorySegment.copy(plane.memory(), ValueLayout.JAVA_BYTE, at, row, 0, row.length);
            rows.add(row);
        }
        return rows;
    }

    @Test
    public void a_pointer_has_as_many_pixels_as_it_says() {
        try (CaptureSession session = open()) {
            next(session, frame -> {});
            Cursor cursor = session.cursor();
            if (cursor != null) {
                assertThat(cursor.argb().remaining()).isEqualTo(cursor.width() * cursor.height());
                assertThat(cursor.argb().isReadOnly()).isTrue();
                assertThat(cursor.hotX()).isBetween(0, cursor.width());
                assertThat(cursor.hotY()).isBetween(0, cursor.height());
            }
        }
    }

    @Test
    public void close_waits_for_a_running_grab() throws Exception {
        List<Closer> closing = new ArrayList<>();
        List<Size> sizes = new ArrayList<>();
        CaptureSession session = open();
        session.grab(PATIENCE, frame -> {
            closing.add(Closer.start(session::close));
            assertThat(closing.getFirst().waits())
                    .as("close waits for a lent picture")
                    .isTrue();
            sizes.add(readable(frame));
        });
        closing.getFirst().join();
        assertThat(sizes).hasSize(1);
    }

    /** Where the source has no room for one more session it says so. */
    @Test
    public void sessions_that_are_opened_at_once_are_each_their_own() {
        CaptureSource source = source();
        List<Callable<Integer>> sessions = Collections.nCopies(3, () -> pictures(source));
        AtOnce.rounds(() -> assertThat(AtOnce.all(sessions)).contains(3).isSubsetOf(0, 3));
    }

    private int pictures(CaptureSource source) {
        List<Long> sequences = new ArrayList<>();
        try (CaptureSession session = source.open(spec(60))) {
            for (int i = 0; i < 3; i++) {
                next(session, frame -> {
                    readable(frame);
                    sequences.add(frame.sequence());
                });
            }
        } catch (StreamException e) {
            assertThat(e.code()).isEqualTo(CaptureError.SOURCE_UNAVAILABLE);
            return 0;
        }
        assertThat(sequences).doesNotHaveDuplicates().isSorted();
        return sequences.size();
    }

    @Test
    public void opening_and_closing_leaves_nothing_behind() {
        CaptureSource source = source();
        Growth.assertNoneBySession(() -> {
            try (CaptureSession session = source.open(spec(60))) {
                next(session, frame -> {});
            }
        });
    }

    @Test
    public void pictures_leave_nothing_behind() {
        try (CaptureSession session = source().open(spec(480))) {
            Growth.assertNoneByStep(
                    LongRun.times(40, 100),
                    PICTURE_BYTES,
                    () -> next(session, frame -> frame.retain().close()));
        }
    }
}
