// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.audit;

import io.nvremote.audit.AuditEvent.Outcome;
import io.nvremote.audit.AuditFilter;
import io.nvremote.audit.AuditQuery;
import io.nvremote.audit.AuditType;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.UuidV7;
import io.nvremote.rest.Fields;
import io.nvremote.rest.RestError;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What the parameters of a request for the log mean. Each refusal names its parameter. */
final class AuditQuestions {

    /** The widest range: a quarter of a year, as long as records are at hand. */
    static final Duration LONGEST = Duration.ofDays(92);

    private static final int LONGEST_TIME = 40;

    private AuditQuestions() {}

    static AuditQuery range(@Nullable String from, @Nullable String to) {
        Instant first = time("from", from);
        Instant last = time("to", to);
        if (Duration.between(first, last).compareTo(LONGEST) > 0) {
            throw new StreamException(
                    RestError.FIELD_INVALID, "to is more than " + LONGEST.toDays() + " days after from");
        }
        return AuditQuery.of(first, last);
    }

    private static Instant time(String name, @Nullable String text) {
        try {
            return Instant.parse(Fields.text(name, text, LONGEST_TIME));
        } catch (DateTimeException e) {
            throw new StreamException(
                    RestError.FIELD_INVALID, name + " must be an instant such as 2026-02-13T00:00:00Z", e);
        }
    }

    static AuditFilter.@Nullable Resource resource(@Nullable String type, @Nullable String id) {
        if (type == null && id == null) {
            return null;
        }
        return new AuditFilter.Resource(Fields.text("resource_type", type, 32), Fields.text("resource_id", id, 255));
    }

    static AuditFilter filter(
            @Nullable String type,
            @Nullable String actor,
            AuditFilter.@Nullable Resource resource,
            @Nullable String session,
            @Nullable String outcome) {
        return new AuditFilter(
                type == null ? null : type(type),
                actor == null ? null : UuidV7.parse("actor_id", actor),
                resource,
                session == null ? null : new SessionId(UuidV7.parse("session_id", session)),
                outcome == null ? null : outcome(outcome));
    }

    /** One that nothing of ours writes is a mistake in writing rather than a question whose answer is nothing. */
    private static AuditType type(String name) {
        return AuditType.known().stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new StreamException(RestError.FIELD_INVALID, "event_type is no known type"));
    }

    private static Outcome outcome(String name) {
        return Arrays.stream(Outcome.values())
                .filter(outcome -> outcome.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new StreamException(
                        RestError.FIELD_INVALID, "outcome must be one of " + Arrays.toString(Outcome.values())));
    }
}
