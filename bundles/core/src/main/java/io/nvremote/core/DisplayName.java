// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

/**
 * Which display is shown: a screen in its source's own words, or one output of it. {@code :0} is an X screen, {@code :0/DP-1} its
 * output {@code DP-1} alone. The slash is the first one after the last colon: X names a screen {@code unix/host:0} too.
 *
 * @param screen empty for the source's default
 * @param output empty for the whole screen
 */
public record DisplayName(String screen, String output) {

    /** Reads what {@link #toString} writes; any text is one. */
    public static DisplayName of(String text) {
        int slash = text.indexOf('/', text.lastIndexOf(':') + 1);
        boolean named = slash == 0 || (slash > 0 && text.lastIndexOf(':') >= 0);
        return named ? new DisplayName(text.substring(0, slash), text.substring(slash + 1)) : new DisplayName(text, "");
    }

    @Override
    public String toString() {
        return output.isEmpty() ? screen : screen + "/" + output;
    }
}
