// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import io.nvremote.core.SessionId;
import io.nvremote.relay.RelaySession;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a gateway should have, and what it may have without our wanting it. Guarded by its owner's lock. */
final class WantedSessions {

    private final Map<SessionId, RelaySession> sessions = new LinkedHashMap<>();
    /** Changes whose outcome is not known: to be taken out at the next chance. */
    private final Set<SessionId> doubtful = new LinkedHashSet<>();

    private boolean complete;

    void add(RelaySession session) {
        sessions.put(session.id(), session);
        doubtful.remove(session.id());
    }

    void drop(SessionId id) {
        sessions.remove(id);
    }

    void doubt(SessionId id) {
        doubtful.add(id);
    }

    void settled(SessionId id) {
        doubtful.remove(id);
    }

    void allSettled() {
        doubtful.clear();
    }

    void replace(Collection<RelaySession> all) {
        sessions.clear();
        all.forEach(session -> sessions.put(session.id(), session));
        complete = true;
    }

    /** Whether the whole set is known, and not only what was added since the start. */
    boolean complete() {
        return complete;
    }

    List<RelaySession> all() {
        return List.copyOf(sessions.values());
    }

    List<SessionId> inDoubt() {
        return List.copyOf(doubtful);
    }
}
