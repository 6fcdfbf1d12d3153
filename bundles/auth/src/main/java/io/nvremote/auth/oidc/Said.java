// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import org.jspecify.annotations.Nullable;

/** What others say, made fit to be repeated in our own messages. */
final class Said {

    private static final int LONGEST = 300;

    private Said() {}

    /** Printable ASCII, at most 300 characters; a question mark for each other character. */
    static String plain(@Nullable String text) {
        if (text == null) {
            return "";
        }
        String most = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
        return most.replaceAll("[^\\x20-\\x7E]", "?");
    }
}
