// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input.x11;

import io.nvremote.core.StreamException;
import io.nvremote.input.InputError;
import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSession;
import java.util.BitSet;

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

    private final XTest screen;
    private final BitSet keys = new BitSet();
    private final BitSet buttons = new BitSet();
    private int vertical;
    private int horizontal;
    private long ignored;
    private boolean closed;

    X11InputSession(XTest screen) {
        this.screen = screen;
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
            case InputEvent.Key key -> key(KeyCodes.ofUsage(key.hidUsage()), key.down());
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

    private void key(int code, boolean down) {
        if (code == 0) {
            ignored++;
        } else if (keys.get(code) != down) { // a repeat is the server's to make
            keys.set(code, down);
            screen.key(code, down);
        }
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
            }
            screen.close();
        }
    }
}
