// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.audit;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditRecord;
import io.nvremote.core.Actor;
import io.nvremote.rest.Says;
import java.net.InetAddress;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One record, with the names and values that its hash is made of: without {@code prev_hash} and {@code hash}, in the canonical form of RFC
 * 8785 behind the 32 bytes that {@code prev_hash} spells, its SHA-256 is {@code hash}.
 */
public record AuditLogView(
        @Says(format = "uuid") String orgId,

        @Says(value = "number in the organisation's chain, without gaps", least = 1)
        long seq,

        @Says(format = "date-time") String at,
        String eventType,

        @Says(values = {"USER", "HOST", "SYSTEM", "ANONYMOUS"})
        String actorType,

        @Says(format = "uuid") @Nullable String actorId,
        @Nullable String actorEmail,
        @Nullable String actorIp,
        @Nullable String actorAgent,
        @Says(values = {"SUCCESS", "FAILURE", "ERROR"}) String outcome,
        @Nullable String resourceType,
        @Nullable String resourceId,
        @Says(format = "uuid") @Nullable String sessionId,
        Map<String, String> context,
        @Says("hash of the record with the number before") String prevHash,

        @Says("SHA-256 of prev_hash and the canonical JSON (RFC 8785) of all else here")
        String hash) {

    static AuditLogView of(AuditRecord row) {
        AuditEvent event = row.event();
        Actor actor = event.actor();
        InetAddress address = actor.address();
        return new AuditLogView(
                event.org().toString(),
                row.sequence(),
                row.at().toString(),
                event.type().name(),
                actor.kind().name(),
                Objects.toString(actor.id(), null),
                actor.email(),
                address == null ? null : address.getHostAddress(),
                actor.agent(),
                event.outcome().name(),
                event.resourceType(),
                event.resourceId(),
                Objects.toString(event.session(), null),
                event.context(),
                row.previousHash(),
                row.hash());
    }
}
