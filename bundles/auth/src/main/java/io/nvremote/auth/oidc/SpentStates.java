// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was used once and may not be used again, for a while; the oldest are forgotten when there are too many. Safe for any thread. */
final class SpentStates {

    private final Map<String, Instant> spent = new LinkedHashMap<>();
    private final int limit;
    private final Duration lifetime;

    SpentStates(int limit, Duration lifetime) {
        this.limit = limit;
        this.lifetime = lifetime;
    }

    /** Whether this is the first time. */
    synchronized boolean first(String key, Instant now) {
        if (spent.containsKey(key)) {
            return false;
        }
        Iterator<Instant> oldest = spent.values().iterator();
        while (oldest.hasNext()) {
            boolean expired = oldest.next().isBefore(now);
            if (!expired && spent.size() < limit) {
                break;
            }
            oldest.remove();
        }
        spent.put(key, now.plus(lifetime));
        return true;
    }
}
