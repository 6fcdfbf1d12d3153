// SPDX-License-Identifier: Apache-2.0
package io.nvremote.audit;

import io.nvremote.core.Actor;
import io.nvremote.core.OrgId;
import io.nvremote.core.SessionId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened or was refused.
 *
 * @param org whose chain; {@link AuditTrail#SYSTEM} for what belongs to none
 * @param resourceType {@code host}, {@code session}, {@code org}, {@code user}, {@code bootstrap_token}
 * @param context further facts; never a secret, a key or a token
 */
public record AuditEvent(
        OrgId org,
        AuditType type,
        Actor actor,
        Outcome outcome,
        @Nullable String resourceType,
        @Nullable String resourceId,
        @Nullable SessionId session,
        Map<String, String> context) {

    /** How it ended. */
    public enum Outcome {
        SUCCESS,
        /** Refused by a rule. */
        FAILURE,
        /** Tried and broke. */
        ERROR
    }

    public AuditEvent {
        context = Map.copyOf(context);
    }

    /** A success about one resource. */
    public static AuditEvent of(OrgId org, AuditType type, Actor actor, String resourceType, Object resourceId) {
        return new AuditEvent(org, type, actor, Outcome.SUCCESS, resourceType, resourceId.toString(), null, Map.of());
    }

    /** A refusal; {@code reason} is an error code's name. */
    public static AuditEvent refused(OrgId org, AuditType type, Actor actor, String reason) {
        return new AuditEvent(org, type, actor, Outcome.FAILURE, null, null, null, Map.of("reason", reason));
    }

    /** The same event with one more fact. */
    public AuditEvent with(String key, String value) {
        Map<String, String> more = new HashMap<>(context);
        more.put(key, value);
        return new AuditEvent(org, type, actor, outcome, resourceType, resourceId, session, more);
    }

    /** The same event about a streaming session. */
    public AuditEvent in(SessionId streaming) {
        return new AuditEvent(org, type, actor, outcome, resourceType, resourceId, streaming, context);
    }
}
