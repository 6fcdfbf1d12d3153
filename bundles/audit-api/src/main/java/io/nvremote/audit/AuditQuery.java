// SPDX-License-Identifier: Apache-2.0
package io.nvremote.audit;

import io.nvremote.core.StreamException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which records of an organisation are asked for: the oldest first, and those of one instant by their numbers. Immutable.
 *
 * @param from first instant, included; 1970 or later
 * @param to last instant, excluded; before the year 10000
 * @param after only records behind this place; null for the first page
 * @param limit most records, 1 to {@link AuditTrail#PAGE}
 */
public record AuditQuery(
        Instant from,
        Instant to,
        AuditFilter filter,
        @Nullable AuditPosition after,
        int limit) {

    private static final Instant END = Instant.parse("9999-12-31T23:59:59Z");

    /** @throws StreamException {@link AuditError#RANGE_REFUSED} */
    public AuditQuery {
        if (!from.isBefore(to) || from.isBefore(Instant.EPOCH) || to.isAfter(END)) {
            throw new StreamException(
                    AuditError.RANGE_REFUSED, "from must be before to, both of 1970 to 9999: " + from + ", " + to);
        }
        if (limit < 1 || limit > AuditTrail.PAGE) {
            throw new StreamException(
                    AuditError.RANGE_REFUSED, "an audit query has a limit of 1 to " + AuditTrail.PAGE + ": " + limit);
        }
    }

    /** The first page of everything in a range. */
    public static AuditQuery of(Instant from, Instant to) {
        return new AuditQuery(from, to, AuditFilter.ALL, null, AuditTrail.PAGE);
    }

    /** The same of these records only. */
    public AuditQuery only(AuditFilter wanted) {
        return new AuditQuery(from, to, wanted, after, limit);
    }

    /** Another page of the same. */
    public AuditQuery page(@Nullable AuditPosition behind, int most) {
        return new AuditQuery(from, to, filter, behind, most);
    }
}
