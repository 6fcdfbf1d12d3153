// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input.x11;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Types characters that no key of the layout may have: each gets a keycode that means nothing otherwise. A keycode keeps
 * its character as long as there are others, since programs look up what a key means when they get to it, not when it
 * was pressed. One thread.
 */
final class TypedText {

    private static final long UNICODE = 0x0100_0000;
    private static final long RETURN = 0xFF0D;
    private static final long TAB = 0xFF09;
    private static final long BACKSPACE = 0xFF08;

    private final XKeyboard keyboard;
    private final int[] spare;
    /** Symbol to keycode, the one that waits longest first. */
    private final Map<Long, Integer> held = new LinkedHashMap<>();

    TypedText(XKeyboard keyboard) {
        this.keyboard = keyboard;
        this.spare = keyboard.spareKeycodes();
    }

    /** Hands the keycode of each character to {@code tap}; returns how many characters can't be typed. */
    int type(String text, IntConsumer tap) {
        int ignored = 0;
        for (int character : text.codePoints().toArray()) {
            long symbol = symbol(character);
            if (symbol == 0 || spare.length == 0) {
                ignored++;
            } else {
                tap.accept(keycode(symbol));
            }
        }
        return ignored;
    }

    private int keycode(long symbol) {
        Integer known = held.remove(symbol);
        int code;
        if (known != null) {
            code = known;
        } else {
            code = held.size() < spare.length
                    ? spare[held.size()]
                    : held.remove(held.keySet().iterator().next());
            keyboard.mean(code, symbol);
        }
        held.put(symbol, code);
        return code;
    }

    /** X symbol of a character (keysymdef.h: Latin-1 is itself, others have Unicode's number); 0 if there is none. */
    static long symbol(int character) {
        return switch (character) {
            case '\n', '\r' -> RETURN;
            case '\t' -> TAB;
            case '\b' -> BACKSPACE;
            default -> {
                boolean none = Character.isISOControl(character)
                        || Character.getType(character) == Character.SURROGATE
                        || !Character.isValidCodePoint(character);
                yield none ? 0 : character < 0x100 ? character : UNICODE + character;
            }
        };
    }

    /** Takes the meanings away again. */
    void close() {
        held.values().forEach(code -> keyboard.mean(code, 0));
        held.clear();
    }
}
