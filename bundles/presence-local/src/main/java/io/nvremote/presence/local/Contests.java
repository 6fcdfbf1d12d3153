// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence.local;

import io.nvremote.core.HostId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Hosts whose identity two machines showed. While a contest lasts, the connection that is there stays; each further try of the
 * other prolongs it. Sans-IO; safe for any thread.
 */
final class Contests {

    static final Duration LASTS = Duration.ofMinutes(10);

    private final Map<HostId, Long> until = new HashMap<>();

    /** Whether a contest goes on; if so, it is prolonged. */
    synchronized boolean goesOn(HostId host, long nowNanos) {
        Long end = until.get(host);
        if (end == null || end - nowNanos <= 0) {
            until.remove(host);
            return false;
        }
        until.put(host, nowNanos + LASTS.toNanos());
        return true;
    }

    synchronized void begin(HostId host, long nowNanos) {
        until.values().removeIf(end -> end - nowNanos <= 0);
        until.put(host, nowNanos + LASTS.toNanos());
    }
}
