// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.sessions;

import io.nvremote.broker.StreamSession;
import io.nvremote.rest.Says;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A session; keys and addresses stay with its owner's connect answer. */
public record SessionView(
        @Says(format = "uuid") String sessionId,
        @Says(format = "uuid") String orgId,
        @Says(format = "uuid") String userId,
        @Says(format = "uuid") String hostId,

        @Says(values = {"PENDING", "ACTIVE", "TERMINATED", "FAILED", "EXPIRED"})
        String status,

        @Says(format = "date-time") String createdAt,
        @Says(format = "date-time") @Nullable String startedAt,
        @Says(format = "date-time") @Nullable String endedAt,
        @Nullable String reason) {

    static SessionView of(StreamSession session) {
        return new SessionView(
                session.id().toString(),
                session.org().toString(),
                session.user().toString(),
                session.host().toString(),
                session.status().name(),
                session.createdAt().toString(),
                text(session.startedAt()),
                text(session.endedAt()),
                session.endReason());
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }
}
