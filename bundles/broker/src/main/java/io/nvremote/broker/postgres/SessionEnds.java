// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker.postgres;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.broker.SessionStatus;
import io.nvremote.broker.StreamSession;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import java.sql.Connection;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * How a session's end and its other steps are written, within a transaction of the caller that has locked the session's row. The
 * audit log's lock comes last in every transaction: who holds it must wait for no row.
 */
final class SessionEnds {

    private final AuditTrail audit;
    private final BrokerSettings settings;
    private final Clock clock;

    SessionEnds(AuditTrail audit, BrokerSettings settings, Clock clock) {
        this.audit = audit;
        this.settings = settings;
        this.clock = clock;
    }

    /** Ends a live session and gives its pair back; the note is the caller's. */
    StreamSession write(Handle handle, StreamSession live, SessionStatus status, String reason, Actor actor) {
        Instant now = SessionRows.now(clock);
        handle.createUpdate("""
                        UPDATE sessions SET status = :status, ended_at = GREATEST(:now, created_at), end_reason = :reason,
                               terminated_by = CAST(:by AS uuid)
                         WHERE org_id = CAST(:org AS uuid) AND id = CAST(:id AS uuid)""")
                .bind("status", status.name())
                .bind("now", now)
                .bind("reason", reason.substring(0, Math.min(255, reason.length())))
                .bind("by", actor.id() == null ? null : actor.id().toString())
                .bind("org", live.org().toString())
                .bind("id", live.id().toString())
                .execute();
        AddressSlots.release(handle, live.id(), now, settings.quarantine());
        return SessionRows.locked(handle, live.org(), live.id()).orElseThrow();
    }

    /** Notes a step of the session in the audit log, for the same transaction. */
    void note(Connection connection, StreamSession session, AuditType type, Actor actor, @Nullable String reason) {
        AuditEvent event = AuditEvent.of(session.org(), type, actor, "session", session.id())
                .in(session.id())
                .with("host", session.host().toString());
        audit.append(connection, reason == null ? event : event.with("reason", reason));
    }
}
