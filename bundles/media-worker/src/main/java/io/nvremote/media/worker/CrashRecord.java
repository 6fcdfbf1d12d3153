// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How often a plugin's workers died, and what follows from it. Time is the caller's, in monotonic nanoseconds. Safe for any thread. */
final class CrashRecord {

    /** Before another spare is started, by the deaths within the window. */
    private static final List<Duration> PAUSES =
            List.of(Duration.ZERO, Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(8));

    private final int most;
    private final Duration window;
    private final Duration quarantine;
    private final Deque<Long> deaths = new ArrayDeque<>();
    private long total;
    private @Nullable Long quarantinedAt;
    private String last = "";

    CrashRecord(WorkerSettings settings) {
        most = settings.crashes();
        window = settings.crashWindow();
        quarantine = settings.quarantine();
    }

    /** Returns whether this one was one too many. */
    synchronized boolean died(long nowNanos, String reason) {
        total++;
        last = reason;
        deaths.addLast(nowNanos);
        forget(nowNanos);
        if (deaths.size() < most || quarantinedAt != null) {
            return false;
        }
        quarantinedAt = nowNanos;
        return true;
    }

    private void forget(long nowNanos) {
        while (!deaths.isEmpty() && nowNanos - deaths.getFirst() > window.toNanos()) {
            deaths.removeFirst();
        }
    }

    /** Why the plugin is left alone now; null if it is not. */
    synchronized @Nullable String quarantined(long nowNanos) {
        Long since = quarantinedAt;
        if (since == null) {
            return null;
        }
        if (nowNanos - since > quarantine.toNanos()) {
            quarantinedAt = null;
            deaths.clear();
            return null;
        }
        return "its workers died " + most + " times within " + window + ", the last " + last + "; it is left alone for "
                + quarantine;
    }

    /** How long to wait before a spare is started. */
    synchronized Duration pause(long nowNanos) {
        forget(nowNanos);
        return PAUSES.get(Math.clamp(deaths.size() - 1, 0, PAUSES.size() - 1));
    }

    synchronized long total() {
        return total;
    }
}
