// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.core.HostId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Since when hosts that should be here are away, counted only while somebody looks: not knowing is not knowing that they are
 * away. Sans-IO; one thread.
 */
final class Absences {

    private final Map<HostId, Long> since = new HashMap<>();

    /** Those of the hosts away now that have been so for longer, in every look since. */
    List<HostId> longer(Set<HostId> away, Duration silence, long nowNanos) {
        since.keySet().retainAll(away);
        List<HostId> found = new ArrayList<>();
        for (HostId host : away) {
            if (nowNanos - since.computeIfAbsent(host, id -> nowNanos) >= silence.toNanos()) {
                found.add(host);
            }
        }
        return found;
    }

    /** Nobody could look. */
    void unknown() {
        since.clear();
    }
}
