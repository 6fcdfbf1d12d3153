// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input;

/**
 * One event of a person at the client. Key codes are physical: USB HID usage ids of page 7 (HID Usage Tables 1.5,
 * section 10), so that the host's own layout decides what a key means.
 */
public sealed interface InputEvent {

    /**
     * A key went down or up. One that goes down while it is down repeats: the client says each repeat, the host makes
     * none of its own, so that a client that falls silent types nothing.
     */
    record Key(int hidUsage, boolean down) implements InputEvent {}

    /**
     * The client's lock key is in this state; the host's is made the same.
     *
     * @param hidUsage 0x39 Caps Lock or 0x53 Num Lock; others are ignored
     */
    record Lock(int hidUsage, boolean on) implements InputEvent {}

    /** Text that came without a key (an on-screen keyboard, an input method): typed whatever the host's layout is. */
    record Text(String text) implements InputEvent {

        /** The longest text in UTF-16 units. */
        public static final int MAX_LENGTH = 128;

        public Text {
            if (text.length() > MAX_LENGTH) {
                throw new IllegalArgumentException("a text of " + text.length() + " characters");
            }
        }
    }

    /** The pointer moved to a pixel of the picture: 0 is the first column or row, 65535 the last. */
    record PointerTo(int x65535, int y65535) implements InputEvent {}

    /** The pointer moved by so many pixels (pointer lock). */
    record PointerBy(int dx, int dy) implements InputEvent {}

    /** A button went down or up: 1 left, 2 middle, 3 right, 8 back, 9 forward. */
    record Button(int number, boolean down) implements InputEvent {}

    /** The wheel turned, in 1/120 of a notch; positive is down and right. */
    record Wheel(int horizontal120, int vertical120) implements InputEvent {}

    /** Everything that is down goes up: the client lost focus or the session ends. */
    record ReleaseAll() implements InputEvent {}
}
