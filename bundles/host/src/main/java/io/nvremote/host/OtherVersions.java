// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.SessionId;
import io.nvremote.signaling.HostSessions;
import io.nvremote.signaling.Signal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Other versions of this role in the runtime, which end the sessions that they began. Safe for any thread. */
final class OtherVersions {

    private final Supplier<List<HostSessions>> all;

    /** @param all those that are there now */
    OtherVersions(Supplier<List<HostSessions>> all) {
        this.all = all;
    }

    List<SessionId> sessions() {
        return all.get().stream().flatMap(other -> other.sessions().stream()).toList();
    }

    /** Whether one of them has the session that this is about, and was told. */
    boolean received(Signal signal) {
        SessionId session = about(signal);
        List<HostSessions> owners = session == null
                ? List.of()
                : all.get().stream()
                        .filter(other -> other.sessions().contains(session))
                        .toList();
        owners.forEach(owner -> owner.received(signal));
        return !owners.isEmpty();
    }

    private static @Nullable SessionId about(Signal signal) {
        return switch (signal) {
            case Signal.SessionOffer offer -> offer.sessionId();
            case Signal.SessionTerminate order -> order.sessionId();
            case Signal.Candidates theirs -> theirs.sessionId();
            default -> null;
        };
    }

    void speakBy(Consumer<Signal> line) {
        all.get().forEach(other -> other.speakBy(line));
    }

    Map<SessionId, Map<String, Object>> describe() {
        Map<SessionId, Map<String, Object>> sessions = new LinkedHashMap<>();
        all.get().forEach(other -> sessions.putAll(other.describe()));
        return sessions;
    }
}
