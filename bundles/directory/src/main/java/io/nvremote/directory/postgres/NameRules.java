// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.core.StreamException;
import io.nvremote.directory.DirectoryError;
import java.util.regex.Pattern;

/** Rules for what people and machines call themselves. */
final class NameRules {

    static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9-]{0,61}[a-z0-9]");

    private NameRules() {}

    /** The text without blanks around it: 1 to 255 characters, none of them a control or a direction override. */
    static String name(String what, String text) {
        String name = text.strip();
        boolean odd = name.codePoints().anyMatch(NameRules::unfit);
        if (name.isEmpty() || name.length() > 255 || odd) {
            throw new StreamException(
                    DirectoryError.NAME_REFUSED,
                    what + " must be 1 to 255 characters without controls: " + name.length() + " characters");
        }
        return name;
    }

    private static boolean unfit(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.UNASSIGNED;
    }
}
