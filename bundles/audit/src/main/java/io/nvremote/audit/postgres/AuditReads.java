// SPDX-License-Identifier: Apache-2.0
package io.nvremote.audit.postgres;

import io.nvremote.audit.AuditFilter;
import io.nvremote.audit.AuditPosition;
import io.nvremote.audit.AuditQuery;
import io.nvremote.audit.AuditSpan;
import io.nvremote.audit.AuditTrail;
import io.nvremote.core.OrgId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * A query as one statement that names what is asked for and nothing else: for each filter there is an index in whose order the page is
 * read, so that a page costs as many rows as it has, however long the log is.
 */
record AuditReads(String sql, List<Object> values) {

    static AuditReads of(OrgId org, AuditQuery query) {
        StringBuilder sql = new StringBuilder(
                "SELECT l.*, l.context::text AS context_text FROM audit_log l WHERE l.org_id = ? AND l.at >= ? AND l.at < ?");
        List<Object> values = new ArrayList<>(List.of(org.value(), time(query.from()), time(query.to())));
        AuditFilter filter = query.filter();
        if (filter.type() != null) {
            sql.append(" AND l.event_type = ?");
            values.add(filter.type().name());
        }
        if (filter.actor() != null) {
            sql.append(" AND l.actor_id = ?");
            values.add(filter.actor());
        }
        if (filter.resource() != null) {
            sql.append(" AND l.resource_type = ? AND l.resource_id = ?");
            values.add(filter.resource().type());
            values.add(filter.resource().id());
        }
        if (filter.session() != null) {
            sql.append(" AND l.session_id = ?");
            values.add(filter.session().value());
        }
        if (filter.outcome() != null) {
            sql.append(" AND l.outcome = ?");
            values.add(filter.outcome().name());
        }
        AuditPosition after = query.after();
        if (after != null) {
            sql.append(" AND (l.at, l.seq) > (?, ?)");
            values.add(time(after.at()));
            values.add(after.sequence());
        }
        values.add(query.limit());
        return new AuditReads(sql.append(" ORDER BY l.at, l.seq LIMIT ?").toString(), List.copyOf(values));
    }

    /** The next rows of a chain. */
    static AuditReads chain(OrgId org, long first) {
        return new AuditReads(
                "SELECT l.*, l.context::text AS context_text FROM audit_log l WHERE l.org_id = ? AND l.seq >= ? ORDER BY l.seq LIMIT ?",
                List.of(org.value(), first, AuditTrail.CHUNK));
    }

    /**
     * The numbers that a range of time has. The count is asked for so that the range's part of its index is read and no more: for the
     * least and the greatest number alone the database may walk the whole chain until it finds a row of the range.
     */
    static AuditReads span(OrgId org, Instant from, Instant to) {
        return new AuditReads(
                "SELECT h.seq, h.hash, r.first, r.last, r.rows FROM audit_heads h, (SELECT min(l.seq) AS first, max(l.seq) AS last, count(*) AS rows"
                        + " FROM audit_log l WHERE l.org_id = ? AND l.at >= ? AND l.at < ?) r WHERE h.org_id = ?",
                List.of(org.value(), time(from), time(to), org.value()));
    }

    /** A row of {@link #span}. */
    static AuditSpan span(ResultSet row) throws SQLException {
        long last = row.getLong("last"); // 0 for null: no row
        return new AuditSpan(last == 0 ? 1 : row.getLong("first"), last, row.getLong("seq"), row.getString("hash"));
    }

    private static OffsetDateTime time(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }
}
