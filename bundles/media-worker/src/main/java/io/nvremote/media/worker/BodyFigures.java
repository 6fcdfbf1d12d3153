// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.updates.PluginFigures.Processes;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What the workers of one body take and took, as they were seen last. Safe for any thread. */
final class BodyFigures {

    /** What one worker was seen to have. */
    record Seen(int threads, long residentBytes, Duration cpu) {}

    private final AtomicLong restarts = new AtomicLong();
    private final AtomicLong unanswered = new AtomicLong();
    private final Map<Long, Seen> running = new HashMap<>();
    private Duration ended = Duration.ZERO;
    private int mostThreads;
    private long mostResidentBytes;

    /** By process id: all that run now. */
    synchronized void seen(Map<Long, Seen> now) {
        running.forEach((pid, last) -> {
            if (!now.containsKey(pid)) {
                ended = ended.plus(last.cpu());
            }
        });
        running.clear();
        running.putAll(now);
        mostThreads = Math.max(mostThreads, threads());
        mostResidentBytes = Math.max(mostResidentBytes, residentBytes());
    }

    private int threads() {
        return running.values().stream().mapToInt(Seen::threads).sum();
    }

    private long residentBytes() {
        return running.values().stream().mapToLong(Seen::residentBytes).sum();
    }

    /** A session goes on in another worker. */
    void restarted() {
        restarts.incrementAndGet();
    }

    void unanswered() {
        unanswered.incrementAndGet();
    }

    synchronized Processes processes(Collection<Long> alive, long deaths) {
        return new Processes(
                (int) running.keySet().stream().filter(alive::contains).count(),
                threads(),
                mostThreads,
                residentBytes(),
                mostResidentBytes,
                running.values().stream().map(Seen::cpu).reduce(ended, Duration::plus),
                restarts.get(),
                deaths,
                unanswered.get());
    }
}
