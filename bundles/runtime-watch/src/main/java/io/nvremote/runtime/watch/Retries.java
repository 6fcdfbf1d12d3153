// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** When each failed part is due to be tried again: after 2 s, then twice as long each time, at most 30 s. One thread. */
final class Retries {

    static final Duration FIRST = Duration.ofSeconds(2);
    static final Duration LONGEST = Duration.ofSeconds(30);

    private final Map<String, Attempt> attempts = new HashMap<>();

    private record Attempt(Duration pause, long dueNanos) {}

    /** Takes in which parts are failed now; answers those that are due, each once for its pause. */
    List<String> due(Collection<String> failed, long nowNanos) {
        List<String> due = new ArrayList<>();
        for (String name : failed) {
            Attempt before = attempts.get(name);
            if (before == null) {
                attempts.put(name, new Attempt(FIRST, nowNanos + FIRST.toNanos()));
            } else if (nowNanos - before.dueNanos() >= 0) {
                Duration doubled = before.pause().multipliedBy(2);
                Duration next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
                attempts.put(name, new Attempt(next, nowNanos + next.toNanos()));
                due.add(name);
            }
        }
        return due;
    }

    /** Forgets a part that runs again. */
    void forget(String name) {
        attempts.remove(name);
    }
}
