// SPDX-License-Identifier: Apache-2.0
package io.nvremote.audit;

import io.nvremote.core.SessionId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which kinds of records are wanted: those to which all that is not null applies.
 *
 * @param actor id of the user or host that did it
 */
public record AuditFilter(
        @Nullable AuditType type,
        @Nullable UUID actor,
        @Nullable Resource resource,
        @Nullable SessionId session,
        AuditEvent.@Nullable Outcome outcome) {

    /** Every record. */
    public static final AuditFilter ALL = new AuditFilter(null, null, null, null, null);

    /** A thing that records are about, as {@link AuditEvent#resourceType} and {@link AuditEvent#resourceId} name it. */
    public record Resource(String type, String id) {}
}
