// SPDX-License-Identifier: Apache-2.0
package io.nvremote.audit;

import io.nvremote.core.OrgId;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The audit log. Each organisation has one chain: rows are numbered from 1 without gaps and each carries the SHA-256 of its
 * predecessor's hash and its own canonical JSON (RFC 8785). The database refuses changes and deletions to the role that
 * appends.
 *
 * <p><b>Threads.</b> Safe for any thread. Appends of one organisation queue behind each other until their transactions end:
 * append last.
 */
@ProviderType
public interface AuditTrail {

    /** The chain of what belongs to no organisation: sign-ins, key changes, start and stop. */
    OrgId SYSTEM = new OrgId(new UUID(0, 0));

    /** The most records one {@link #read} returns. */
    int PAGE = 100;

    /** The most records one {@link #chain} returns. */
    int CHUNK = 500;

    /**
     * Appends in the caller's transaction.
     *
     * @param transaction open, and within the event's organisation
     */
    void append(Connection transaction, AuditEvent event);

    /** Appends in a transaction of its own: refused and failed attempts. */
    void append(AuditEvent event);

    /** Records of one organisation in the order of time: the first of the query's range that fit its filter, behind its place. */
    List<AuditRecord> read(OrgId org, AuditQuery query);

    /**
     * The part of an organisation's chain from the first to the last record of a range of time. A record between them belongs to it
     * also where the clock was set back meanwhile and its time is just out of the range.
     *
     * @param from first instant, included
     * @param to last instant, excluded
     */
    AuditSpan span(OrgId org, Instant from, Instant to);

    /**
     * Records of one organisation in the order of the chain, from a number on: {@link #CHUNK} of them, or as many as there are.
     *
     * @param first number
     */
    List<AuditRecord> chain(OrgId org, long first);

    /** Recomputes the whole chain of one organisation. */
    ChainReport verify(OrgId org);
}
