// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Things that can be taken once, for a while; the oldest go when there are too many. Safe for any thread. */
final class SingleUseStore<T> {

    private final Map<String, Kept<T>> kept = new LinkedHashMap<>();
    private final int limit;
    private final Duration lifetime;

    SingleUseStore(int limit, Duration lifetime) {
        this.limit = limit;
        this.lifetime = lifetime;
    }

    synchronized void put(String key, T value, Instant now) {
        Iterator<Kept<T>> oldest = kept.values().iterator();
        while (oldest.hasNext()) {
            boolean expired = !oldest.next().expires().isAfter(now);
            if (!expired && kept.size() < limit) {
                break;
            }
            oldest.remove();
        }
        kept.put(key, new Kept<>(value, now.plus(lifetime)));
    }

    synchronized @Nullable T take(String key, Instant now) {
        Kept<T> found = kept.remove(key);
        return found == null || !found.expires().isAfter(now) ? null : found.value();
    }

    private record Kept<T>(T value, Instant expires) {}
}
