// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.zoo;

import io.nvremote.core.StreamException;
import io.nvremote.input.InputError;
import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSession;
import io.nvremote.tck.InputSinkContract.Told;
import java.util.Queue;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Input of a screen that is a queue. What overrides one method of it is wrong in that. */
class RecordingInput implements InputSession {

    private static final int FIRST_KEY = 0x04;
    private static final int FIRST_MODIFIER = 0xE0;
    private static final int LAST_KEY = 0xE7;

    private final Consumer<Told> screen;
    private final TreeSet<Integer> keys = new TreeSet<>();
    private final TreeSet<Integer> buttons = new TreeSet<>();
    private boolean closed;

    RecordingInput(Queue<Told> screen) {
        this.screen = screen::add;
    }

    void tell(Told told) {
        screen.accept(told);
    }

    @Override
    public synchronized void inject(InputEvent event) {
        if (closed) {
            throw new StreamException(InputError.INPUT_UNAVAILABLE, "the input session is closed");
        }
        switch (event) {
            case InputEvent.Key key -> key(key.hidUsage(), key.down());
            case InputEvent.Button button -> button(button.number(), button.down());
            case InputEvent.ReleaseAll all -> releaseAll();
            case InputEvent.Text text -> text(text.text());
            case InputEvent.PointerTo to -> {}
            case InputEvent.PointerBy by -> {}
            case InputEvent.Wheel wheel -> {}
            case InputEvent.Lock lock -> {}
        }
    }

    void text(String text) {}

    void key(int usage, boolean down) {
        if (usage < FIRST_KEY || usage > LAST_KEY) {
            return;
        }
        boolean changes = down ? keys.add(usage) : keys.remove(usage);
        if (changes || (down && usage < FIRST_MODIFIER)) {
            tell(new Told(true, usage, down));
        }
    }

    void button(int number, boolean down) {
        if (number >= 1 && number <= 9 && (down ? buttons.add(number) : buttons.remove(number))) {
            tell(new Told(false, number, down));
        }
    }

    void releaseAll() {
        keys.forEach(usage -> tell(new Told(true, usage, false)));
        buttons.forEach(number -> tell(new Told(false, number, false)));
        keys.clear();
        buttons.clear();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            releaseAll();
            closed = true;
        }
    }
}
