// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What texts of a column mean. Most rows say what they said before, and many say the same: each text is parsed once. Remembers
 * at most {@value #MOST}; then everything is forgotten, and parsed again. Safe for any thread.
 *
 * @param <T> immutable
 */
final class ParsedTexts<T> {

    static final int MOST = 10_000;

    private final ConcurrentHashMap<String, T> known = new ConcurrentHashMap<>();
    private final Function<String, T> parser;

    ParsedTexts(Function<String, T> parser) {
        this.parser = parser;
    }

    T of(String text) {
        T value = known.get(text);
        if (value == null) {
            value = parser.apply(text);
            if (known.size() >= MOST) {
                known.clear();
            }
            known.put(text, value);
        }
        return value;
    }
}
