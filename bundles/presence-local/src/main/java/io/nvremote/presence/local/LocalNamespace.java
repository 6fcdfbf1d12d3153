// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence.local;

import io.nvremote.core.Clock;
import io.nvremote.presence.SingleUseValues;
import io.nvremote.presence.SingleUseValues.Limits;
import io.nvremote.presence.SingleUseValues.Use;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of one purpose, all in the order in which they end. Safe for any thread; never blocks. */
final class LocalNamespace implements SingleUseValues.Namespace {

    private final Limits limits;
    private final Clock clock;
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();
    private final LinkedHashMap<String, Taken> taken = new LinkedHashMap<>();
    private final Map<String, Integer> groups = new HashMap<>();

    private record Waiting(String group, String value, long sinceNanos) {}

    private record Taken(String value, long sinceNanos, boolean again) {}

    LocalNamespace(Limits limits, Clock clock) {
        this.limits = limits;
        this.clock = clock;
    }

    Limits limits() {
        return limits;
    }

    @Override
    public synchronized boolean put(String key, String group, String value) {
        if (value.length() > SingleUseValues.MAX_VALUE) {
            throw new IllegalArgumentException("a value of " + value.length() + " characters");
        }
        long now = clearedAt();
        if (waiting.containsKey(key)
                || taken.containsKey(key)
                || groups.getOrDefault(group, 0) >= limits.mostOfGroup()
                || !room()) {
            return false;
        }
        waiting.put(key, new Waiting(group, value, now));
        groups.merge(group, 1, Integer::sum);
        return true;
    }

    @Override
    public synchronized Use take(String key) {
        long now = clearedAt();
        Taken before = used(key);
        if (before != null) {
            return new Use.Again(before.value());
        }
        Waiting found = waiting.remove(key);
        if (found == null) {
            return new Use.Unknown();
        }
        leave(found);
        taken.put(key, new Taken(found.value(), now, false));
        return new Use.First(found.value());
    }

    @Override
    public synchronized boolean spend(String key) {
        long now = clearedAt();
        if (waiting.containsKey(key) || used(key) != null || !room()) {
            return false;
        }
        taken.put(key, new Taken("", now, false));
        return true;
    }

    @Override
    public synchronized boolean cameAgain(String key) {
        Taken found = taken.get(key);
        return found != null && found.again();
    }

    /** What is remembered of a key that comes again, noted; its place among the oldest stays. */
    private @Nullable Taken used(String key) {
        return taken.computeIfPresent(key, (same, use) -> new Taken(use.value(), use.sinceNanos(), true));
    }

    /** Whether one more fits, if need be in the place of the oldest use that is remembered. */
    private boolean room() {
        if (waiting.size() + taken.size() < limits.most()) {
            return true;
        }
        return taken.pollFirstEntry() != null;
    }

    /** Now, after whatever has ended by now is gone. */
    private long clearedAt() {
        long now = clock.nanos();
        Iterator<Waiting> values = waiting.values().iterator();
        while (values.hasNext()) {
            Waiting oldest = values.next();
            if (!over(oldest.sinceNanos(), limits.life(), now)) {
                break;
            }
            values.remove();
            leave(oldest);
        }
        Iterator<Taken> uses = taken.values().iterator();
        while (uses.hasNext() && over(uses.next().sinceNanos(), limits.remembered(), now)) {
            uses.remove();
        }
        return now;
    }

    private static boolean over(long since, Duration length, long now) {
        return now - since >= length.toNanos();
    }

    private void leave(Waiting gone) {
        groups.computeIfPresent(gone.group(), (same, count) -> count == 1 ? null : count - 1);
    }
}
