// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input.x11;

import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.input.InputError;
import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSession;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Input of one client; knows what it holds down. */
final class X11InputSession implements InputSession {

    private static final int NOTCH = 120;
    /** More notches in one event are a mistake or an attack. */
    private static final int MOST_NOTCHES = 50;

    private static final int MOST_PIXELS = 16384;
    private static final int LAST_BUTTON = 9;
    private static final int WHEEL_UP = 4;
    private static final int WHEEL_DOWN = 5;
    private static final int WHEEL_LEFT = 6;
    private static final int WHEEL_RIGHT = 7;

    private static final int CAPS_LOCK = 0x39;
    private static final int NUM_LOCK = 0x53;
    private static final long CAPS_LOCK_SYMBOL = 0xFFE5;
    private static final long NUM_LOCK_SYMBOL = 0xFF7F;
    private static final int FIRST_MODIFIER = 0xE0;
    /** A layout that changes while somebody types is not looked for: only after a pause as long as this. */
    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final XTest screen;
    private final XKeyboard keyboard;
    private final Clock clock;
    private @Nullable TypedText typed;
    private long typedNanos;
    private boolean typedBefore;
    private final BitSet keys = new BitSet();
    private final BitSet buttons = new BitSet();
    private int vertical;
    private int horizontal;
    private long ignored;
    private boolean closed;

    X11InputSession(XTest screen, Clock clock) {
        this.screen = screen;
        this.keyboard = screen.keyboard();
        this.clock = clock;
    }

    @Override
    public synchronized void inject(InputEvent event) {
        if (closed) {
            throw new StreamException(InputError.INPUT_UNAVAILABLE, "the input session is closed");
        }
        if (screen.serverGone()) {
            throw new StreamException(InputError.INPUT_UNAVAILABLE, "the X server closed the connection");
        }
        switch (event) {
            case InputEvent.Key key -> key(key.hidUsage(), key.down());
            case InputEvent.Lock lock -> lock(lock.hidUsage(), lock.on());
            case InputEvent.Text text -> type(text.text());
            case InputEvent.PointerTo to -> screen.pointerTo(part(to.x65535()), part(to.y65535()));
            case InputEvent.PointerBy by -> screen.pointerBy(pixels(by.dx()), pixels(by.dy()));
            case InputEvent.Button button -> button(button.number(), button.down());
            case InputEvent.Wheel wheel -> {
                vertical = turn(vertical, wheel.vertical120(), WHEEL_UP, WHEEL_DOWN);
                horizontal = turn(horizontal, wheel.horizontal120(), WHEEL_LEFT, WHEEL_RIGHT);
            }
            case InputEvent.ReleaseAll all -> releaseAll();
        }
        screen.flush();
    }

    /** Events that named no key or button of X. */
    synchronized long ignored() {
        return ignored;
    }

    private void key(int usage, boolean down) {
        int code = KeyCodes.ofUsage(usage);
        if (code == 0) {
            ignored++;
        } else if (!down) {
            if (keys.get(code)) {
                keys.clear(code);
                screen.key(code, false);
            }
        } else if (!keys.get(code)) {
            beforeKeys();
            keys.set(code);
            screen.key(code, true);
        } else if (usage < FIRST_MODIFIER && usage != CAPS_LOCK && usage != NUM_LOCK) {
            // A repeat. X takes no second press of a key that is down; toolkits know this pair, sent at once, as a
            // repeat.
            screen.key(code, false);
            screen.key(code, true);
        }
    }

    private void lock(int usage, boolean on) {
        if (usage == CAPS_LOCK || usage == NUM_LOCK) {
            beforeKeys();
            int modifiers =
                    keyboard.lockedBy(KeyCodes.ofUsage(usage), usage == CAPS_LOCK ? CAPS_LOCK_SYMBOL : NUM_LOCK_SYMBOL);
            if (modifiers != 0) {
                keyboard.lock(modifiers, on);
            }
        } else {
            ignored++;
        }
    }

    /** Caps Lock would make capitals of what has its case already. */
    private void type(String text) {
        lock(CAPS_LOCK, false);
        TypedText typing = typed;
        if (typing == null) {
            typing = new TypedText(keyboard);
            typed = typing;
        }
        ignored += typing.type(text, code -> {
            screen.key(code, true);
            screen.key(code, false);
        });
    }

    private void beforeKeys() {
        long now = clock.nanos();
        if (!typedBefore || now - typedNanos > PAUSE_NANOS) {
            keyboard.followLayout();
        }
        typedBefore = true;
        typedNanos = now;
        keyboard.neverRepeat();
    }

    private void button(int number, boolean down) {
        boolean wheel = number >= WHEEL_UP && number <= WHEEL_RIGHT;
        if (number < 1 || number > LAST_BUTTON || wheel) {
            ignored++;
        } else if (buttons.get(number) != down) {
            buttons.set(number, down);
            screen.button(number, down);
        }
    }

    /** Turns a wheel by whole notches; returns what is left for the next event. */
    private int turn(int rest, int by, int backward, int forward) {
        int limit = MOST_NOTCHES * NOTCH;
        int sum = rest + Math.clamp(by, -limit, limit);
        int button = sum < 0 ? backward : forward;
        for (int i = Math.abs(sum) / NOTCH; i > 0; i--) {
            screen.button(button, true);
            screen.button(button, false);
        }
        return sum % NOTCH;
    }

    private static int part(int value) {
        return Math.clamp(value, 0, 65535);
    }

    private static int pixels(int value) {
        return Math.clamp(value, -MOST_PIXELS, MOST_PIXELS);
    }

    private void releaseAll() {
        keys.stream().forEach(code -> screen.key(code, false));
        buttons.stream().forEach(number -> screen.button(number, false));
        keys.clear();
        buttons.clear();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            if (!screen.serverGone()) {
                releaseAll();
                if (typed != null) {
                    typed.close();
                }
            }
            screen.close();
        }
    }
}
