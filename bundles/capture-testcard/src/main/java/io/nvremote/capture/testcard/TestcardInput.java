// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.testcard;

import io.nvremote.core.StreamException;
import io.nvremote.input.InputError;
import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSession;
import io.nvremote.testcard.TestcardMark;

/** Shows keys that go down and where the pointer is. Buttons and the wheel leave no trace on a test card. */
final class TestcardInput implements InputSession {

    private static final int LAST_USAGE = 0xFFFF;
    /** {@link InputEvent.PointerBy} counts pixels; a card has no size of its own, so one pixel of 1280 is meant. */
    private static final int PART_OF_A_PIXEL = 65535 / 1280;

    private final TestcardScreen screen;
    private volatile boolean closed;

    TestcardInput(TestcardScreen screen) {
        this.screen = screen;
    }

    @Override
    public void inject(InputEvent event) {
        if (closed) {
            throw new StreamException(InputError.INPUT_UNAVAILABLE, "the input session is closed");
        }
        switch (event) {
            case InputEvent.Key key
            when key.down() && key.hidUsage() > 0 && key.hidUsage() < LAST_USAGE ->
                screen.change(now -> new TestcardMark(
                        now.number(), key.hidUsage(), (now.keyCount() + 1) & 0xFFFF, now.pointerX(), now.pointerY()));
            case InputEvent.PointerTo to -> screen.change(now -> moved(now, to.x65535(), to.y65535()));
            case InputEvent.PointerBy by ->
                screen.change(now -> moved(
                        now,
                        now.pointerX() + (long) by.dx() * PART_OF_A_PIXEL,
                        now.pointerY() + (long) by.dy() * PART_OF_A_PIXEL));
            case InputEvent.Key key -> {} // going up, or no key at all
            case InputEvent.Button button -> {}
            case InputEvent.Lock lock -> {}
            case InputEvent.Text text -> {}
            case InputEvent.Wheel wheel -> {}
            case InputEvent.ReleaseAll all -> {}
        }
    }

    private static TestcardMark moved(TestcardMark now, long x, long y) {
        return new TestcardMark(
                now.number(), now.keyUsage(), now.keyCount(), Math.clamp(x, 0, 65535), Math.clamp(y, 0, 65535));
    }

    @Override
    public void close() {
        closed = true;
    }
}
