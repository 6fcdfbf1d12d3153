// SPDX-License-Identifier: Apache-2.0
package io.nvremote.launch;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.TreeMap;

/**
 * Makes a runtime the same on every machine. The framework writes version numbers with the digits of the default language
 * (Arabic ones under {@code ar_EG}, after which nothing resolves), and the database driver tells the server the name of the
 * default time zone (unknown to PostgreSQL for {@code TZ=IST}). Nothing here is meant for people's eyes except the log,
 * whose times are UTC.
 */
final class Surroundings {

    /** What a character becomes that the machine's character set has not. */
    private static final char UNKNOWN = '\uFFFD';

    private Surroundings() {}

    static void pin() {
        Locale.setDefault(Locale.ROOT);
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        // For whoever reads the property, and for other JVMs that copy it.
        System.setProperty("user.timezone", "UTC");
        System.setProperty("user.language", "");
        System.setProperty("user.country", "");
        System.setProperty("user.variant", "");
        System.setProperty("user.script", "");
    }

    /**
     * Under {@code LC_ALL=C} Java knows ASCII alone: a path with any other letter in it can't be opened by that name.
     *
     * @param properties the system properties, which hold all paths that a runtime is told
     * @return what to say about it, if that is so
     */
    static Optional<String> unreadablePath(Map<?, ?> properties, String characterSet) {
        Map<String, String> sorted = new TreeMap<>();
        properties.forEach((key, value) -> sorted.put(String.valueOf(key), String.valueOf(value)));
        return sorted.entrySet().stream()
                .filter(entry -> entry.getValue().indexOf(UNKNOWN) >= 0)
                .findFirst()
                .map(
                        entry -> entry.getKey() + "=" + entry.getValue().replace(UNKNOWN, '?')
                                + ": this path has letters that the character set " + characterSet
                                + " of this process has not. Start it with LC_ALL=C.UTF-8, or use a folder with an ASCII name.");
    }
}
