// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.viewer.Viewer;
import java.util.Locale;

/**
 * An end that was said.
 *
 * @param why for the person
 * @param word for the audit log: letters and underscores, at most {@link #LONGEST_WORD}
 */
record SessionEnd(String why, String word) {

    static final SessionEnd NONE = new SessionEnd("", "other_side");

    private static final int LONGEST_WORD = 64;

    static SessionEnd ours(String why) {
        return new SessionEnd(why, why.equals(Viewer.BY_USER) ? "user_disconnect" : inOneWord(why));
    }

    /** The words of others don't go into the audit log as ours. */
    static SessionEnd theirs(String why) {
        return new SessionEnd(why, "other_side");
    }

    static String inOneWord(String text) {
        String word = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "_").replaceAll("^_+", "");
        return word.substring(0, Math.min(LONGEST_WORD, word.length()));
    }
}
