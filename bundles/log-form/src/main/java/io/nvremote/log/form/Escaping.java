// SPDX-License-Identifier: Apache-2.0
package io.nvremote.log.form;

import java.util.HexFormat;

/** Makes text harmless in a line of a log. Unicode general categories: Unicode Standard, chapter 4.5. */
final class Escaping {

    private Escaping() {}

    /** Text in which neither a line, nor a terminal's command, nor the end of a quoted value can hide. */
    static String text(String text) {
        return escaped(text, true);
    }

    /** The same for what stands on lines of its own, where quotes end nothing. */
    static String unquoted(String text) {
        return escaped(text, false);
    }

    private static String escaped(String text, boolean quotes) {
        int first = first(text, quotes);
        if (first == text.length()) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            switch (point) {
                case '\n' -> safe.append("\\n");
                case '\r' -> safe.append("\\r");
                case '\t' -> safe.append("\\t");
                default -> {
                    if (!harmful(point, quotes)) {
                        safe.appendCodePoint(point);
                    } else if (point == '"' || point == '\\') {
                        safe.append('\\').append((char) point);
                    } else if (point <= 0xffff) {
                        safe.append("\\u").append(HexFormat.of().toHexDigits((char) point));
                    } else {
                        safe.append("\\u{").append(Integer.toHexString(point)).append('}');
                    }
                }
            }
        }
        return safe.toString();
    }

    private static int first(String text, boolean quotes) {
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            if (harmful(point, quotes)) {
                return i;
            }
            i += Character.charCount(point);
        }
        return text.length();
    }

    /** Controls (also C1), line and paragraph separators, what turns the direction of writing or is invisible, halves of pairs. */
    private static boolean harmful(int point, boolean quotes) {
        if (point >= ' ' && point < 0x7f) {
            return point == '\\' || (quotes && point == '"');
        }
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
