// SPDX-License-Identifier: Apache-2.0
package io.nvremote.log.slf4j;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines of something, no more than so many and so long. Safe for any thread. */
final class LastLines {

    private static final int LONGEST = 4000;

    private final int mostLines;
    private final int mostCharacters;
    private final Deque<String> lines = new ArrayDeque<>();
    private int characters;

    LastLines(int mostLines, int mostCharacters) {
        this.mostLines = mostLines;
        this.mostCharacters = mostCharacters;
    }

    /** One event: a line, and those of its stack trace. */
    synchronized void add(String event) {
        event.lines().forEach(line -> {
            String kept = line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
            lines.addLast(kept);
            characters += kept.length();
        });
        while (lines.size() > mostLines || characters > mostCharacters) {
            characters -= lines.removeFirst().length();
        }
    }

    /** Oldest first. */
    synchronized List<String> last(int most) {
        return lines.stream().skip(Math.max(0, lines.size() - most)).toList();
    }
}
