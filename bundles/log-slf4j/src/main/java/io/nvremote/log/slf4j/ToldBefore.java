// SPDX-License-Identifier: Apache-2.0
package io.nvremote.log.slf4j;

import io.nvremote.core.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Knows what was told a short while ago. Bounded; guarded by its owner. */
final class ToldBefore {

    /** After this long in silence the same is news again: it went away and came back. */
    private static final Duration SILENCE = Duration.ofMinutes(5);

    private static final int MOST = 200;
    /** The framework numbers components anew at each try. */
    private static final Pattern NUMBER = Pattern.compile("\\(\\d+\\)");

    private final Clock clock;
    private final Map<String, Long> seen = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST;
        }
    };

    ToldBefore(Clock clock) {
        this.clock = clock;
    }

    boolean isNews(String line) {
        long now = clock.nanos();
        Long last = seen.put(NUMBER.matcher(line).replaceAll(""), now);
        return last == null || now - last > SILENCE.toNanos();
    }
}
