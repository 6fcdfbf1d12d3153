// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input;

/**
 * One event of a person at the client. Key codes are physical: USB HID usage ids of page 7 (HID Usage Tables 1.5,
 * section 10), so that the host's own layout decides what a key means.
 */
public sealed interface InputEvent {

    /** A key went down or up. */
    record Key(int hidUsage, boolean down) implements InputEvent {}

    /** The pointer moved to a place of the picture, in 1/65535 of its width and height. */
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
