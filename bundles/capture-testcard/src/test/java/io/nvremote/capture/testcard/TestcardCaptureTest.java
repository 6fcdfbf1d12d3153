// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.testcard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.capture.CaptureError;
import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSession.Grab;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.capture.Cursor;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSession;
import io.nvremote.media.Frame;
import io.nvremote.media.Size;
import io.nvremote.tck.CaptureSourceContract;
import io.nvremote.testcard.TestcardMark;
import io.nvremote.testcard.TestcardReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestcardCaptureTest extends CaptureSourceContract {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final CaptureSpec SPEC = new CaptureSpec("", new Size(1280, 720), new FrameRate(60));

    private final TestcardCapture screen = new TestcardCapture();

    @Override
    protected CaptureSource source() {
        return screen;
    }

    private static List<TestcardMark> read(CaptureSession session, int count) {
        List<TestcardMark> marks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            assertThat(session.grab(PATIENCE, frame -> {
                        TestcardMark mark = TestcardReader.read(frame.host()).orElseThrow();
                        assertThat(mark.number()).isEqualTo((int) frame.sequence());
                        marks.add(mark);
                    }))
                    .isEqualTo(Grab.PICTURE);
        }
        return marks;
    }

    @Test
    void pictures_are_numbered_and_no_faster_than_the_rate() {
        List<Long> shown = new ArrayList<>();
        try (CaptureSession session = screen.open(new CaptureSpec("", new Size(640, 360), new FrameRate(120)))) {
            for (int i = 0; i < 60; i++) {
                session.grab(PATIENCE, frame -> shown.add(frame.stamps().shownNanos()));
            }
        }
        long interval = new FrameRate(120).intervalNanos();
        assertThat(shown.getLast() - shown.getFirst()).isGreaterThanOrEqualTo(58 * interval);
    }

    @Test
    void what_is_typed_and_pointed_at_is_seen_in_the_picture() {
        try (CaptureSession session = screen.open(SPEC);
                InputSession input = screen.open("")) {
            assertThat(read(session, 1).getFirst().keyCount()).isZero();
            input.inject(new InputEvent.Key(0x04, true));
            input.inject(new InputEvent.Key(0x04, false));
            input.inject(new InputEvent.Key(0x28, true));
            input.inject(new InputEvent.PointerTo(30000, 65535));
            TestcardMark mark = read(session, 1).getFirst();
            assertThat(mark.keyUsage()).isEqualTo(0x28);
            assertThat(mark.keyCount()).isEqualTo(2);
            assertThat(mark.pointerX()).isEqualTo(30000);
            assertThat(mark.pointerY()).isEqualTo(65535);
        }
    }

    @Test
    void the_pointer_is_told_beside_the_picture_from_the_beginning_and_reaches_every_corner() {
        try (CaptureSession session = screen.open(SPEC);
                InputSession input = screen.open("")) {
            assertThat(session.cursor()).isNotNull();
            Size size = SPEC.size();
            for (int[] corner : new int[][] {{0, 0}, {65535, 0}, {0, 65535}, {65535, 65535}}) {
                input.inject(new InputEvent.PointerTo(corner[0], corner[1]));
                Cursor cursor = session.cursor();
                assertThat(cursor.x()).isEqualTo(corner[0] == 0 ? 0 : size.width() - 1);
                assertThat(cursor.y()).isEqualTo(corner[1] == 0 ? 0 : size.height() - 1);
                assertThat(cursor.argb().remaining()).isEqualTo(cursor.width() * cursor.height());
            }
        }
    }

    @Test
    void a_size_without_room_is_refused() {
        assertThatThrownBy(() -> screen.open(new CaptureSpec("", new Size(320, 200), new FrameRate(60))))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(CaptureError.SPEC_REFUSED));
    }

    @Test
    void while_all_memory_is_retained_no_picture_comes_and_then_it_goes_on() {
        List<Frame.Retained> retained = new ArrayList<>();
        try (CaptureSession session = screen.open(SPEC)) {
            for (int i = 0; i < 3; i++) {
                session.grab(PATIENCE, frame -> retained.add(frame.retain()));
            }
            assertThat(session.grab(Duration.ofMillis(50), frame -> {})).isEqualTo(Grab.UNCHANGED);
            retained.removeLast().close();
            assertThat(read(session, 1)).hasSize(1);
        }
        assertThat(TestcardReader.read(retained.getFirst().frame().host())).isPresent();
        retained.forEach(Frame.Retained::close);
        assertThatThrownBy(() -> TestcardReader.read(retained.getFirst().frame().host()))
                .isInstanceOf(IllegalStateException.class);
    }
}
