// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.core.StreamException;
import io.nvremote.directory.DirectoryError;
import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Rules for what people and machines call themselves. */
final class NameRules {

    static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9-]{0,61}[a-z0-9]");

    private static final int NON_JOINER = 0x200C;
    private static final int JOINER = 0x200D;
    private static final int BLACK_FLAG = 0x1F3F4;
    /** Scripts whose letters have no joined forms: between them a joiner would only be a letter that nobody sees. */
    private static final Set<UnicodeScript> NEVER_JOINED = EnumSet.of(
            UnicodeScript.LATIN,
            UnicodeScript.GREEK,
            UnicodeScript.CYRILLIC,
            UnicodeScript.ARMENIAN,
            UnicodeScript.GEORGIAN,
            UnicodeScript.HEBREW,
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.HANGUL,
            UnicodeScript.COMMON);

    private NameRules() {}

    /**
     * The text without blanks around it: 1 to 255 characters, none of them a control, a direction override or a character
     * that nobody sees. A joiner is part of the spelling in Persian, Hindi and others, and of many emoji: it is a fit
     * character where it joins something.
     */
    static String name(String what, String text) {
        String name = text.strip();
        if (name.isEmpty() || name.length() > 255 || !visible(name)) {
            throw new StreamException(
                    DirectoryError.NAME_REFUSED,
                    what + " must be 1 to 255 characters without controls: " + name.length() + " characters");
        }
        return name;
    }

    /** Whether no character of a text is a control, a direction override or one that nobody sees. */
    static boolean visible(String text) {
        int[] letters = text.codePoints().toArray();
        return IntStream.range(0, letters.length).noneMatch(at -> unfit(letters, at));
    }

    private static boolean unfit(int[] letters, int at) {
        int type = Character.getType(letters[at]);
        return type == Character.CONTROL
                || (type == Character.FORMAT && !joins(letters, at) && !tagsAFlag(letters, at))
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.UNASSIGNED;
    }

    private static boolean joins(int[] letters, int at) {
        if (at == 0 || at == letters.length - 1 || (letters[at] != JOINER && letters[at] != NON_JOINER)) {
            return false;
        }
        int before = letters[at - 1];
        int after = letters[at + 1];
        boolean emoji = letters[at] == JOINER && symbol(before) && symbol(after);
        return emoji || (joined(before) && joined(after));
    }

    private static boolean joined(int letter) {
        return (Character.isLetter(letter) || mark(letter)) && !NEVER_JOINED.contains(UnicodeScript.of(letter));
    }

    private static boolean symbol(int letter) {
        int type = Character.getType(letter);
        return type == Character.OTHER_SYMBOL || type == Character.MODIFIER_SYMBOL || letter == 0xFE0F;
    }

    private static boolean mark(int letter) {
        int type = Character.getType(letter);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    /** The flags of England, Scotland and others are a black flag with letters that only spell its name. */
    private static boolean tagsAFlag(int[] letters, int at) {
        int first = at;
        while (first > 0 && letters[first] >= 0xE0020 && letters[first] <= 0xE007F) {
            first--;
        }
        return first < at && letters[first] == BLACK_FLAG;
    }
}
