// SPDX-License-Identifier: Apache-2.0
package io.nvremote.audit.postgres;

import io.nvremote.audit.AuditError;
import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditEvent.Outcome;
import io.nvremote.audit.AuditRecord;
import io.nvremote.audit.AuditType;
import io.nvremote.audit.ChainReport;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.OrgId;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.lib.chain.CanonicalJson;
import io.nvremote.lib.chain.ChainRecords;
import io.nvremote.lib.chain.FlatJson;
import io.nvremote.lib.jdbi.Handles;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of the log and the hashes that join them. Works on the caller's transaction. */
final class AuditChain {

    private static final int FETCH = 500;

    private AuditChain() {}

    static void append(Connection transaction, AuditEvent event, Clock clock) {
        AuditEvent clean = cleaned(event);
        UUID org = clean.org().value();
        Handle handle = Handles.open(transaction);
        handle.createUpdate(
                        "INSERT INTO audit_heads (org_id, seq, hash) VALUES (:org, 0, :hash) ON CONFLICT DO NOTHING")
                .bind("org", org)
                .bind("hash", ChainRecords.GENESIS)
                .execute();
        // From here on other appends of this organisation wait for our transaction.
        Head head = handle.createQuery("SELECT seq, hash FROM audit_heads WHERE org_id = :org FOR UPDATE")
                .bind("org", org)
                .map((rows, context) -> new Head(rows.getLong(1), rows.getString(2)))
                .one();
        // Only now: so that, by one clock, the order of time is that of the chain, and nothing comes before what was
        // read.
        Instant at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        long sequence = head.sequence() + 1;
        String hash = hash(head.hash(), sequence, at, clean);
        insert(handle, new AuditRecord(sequence, at, clean, head.hash(), hash));
        handle.createUpdate("UPDATE audit_heads SET seq = :seq, hash = :hash WHERE org_id = :org")
                .bind("org", org)
                .bind("seq", sequence)
                .bind("hash", hash)
                .execute();
    }

    private static void insert(Handle handle, AuditRecord row) {
        AuditEvent event = row.event();
        Actor actor = event.actor();
        handle.createUpdate("""
                        INSERT INTO audit_log (org_id, seq, at, event_type, actor_type, actor_id, actor_email, actor_ip,
                            actor_agent, outcome, resource_type, resource_id, session_id, context, prev_hash, hash)
                        VALUES (:org, :seq, :at, :type, :actor, CAST(:actorId AS uuid), :email, :ip, :agent, :outcome, :resourceType,
                            :resourceId, CAST(:session AS uuid), CAST(:context AS jsonb), :previous, :hash)""")
                .bind("org", event.org().value())
                .bind("seq", row.sequence())
                .bind("at", row.at().atOffset(ZoneOffset.UTC))
                .bind("type", event.type().name())
                .bind("actor", actor.kind().name())
                .bind("actorId", actor.id())
                .bind("email", actor.email())
                .bind("ip", ChainRecords.address(actor))
                .bind("agent", actor.agent())
                .bind("outcome", event.outcome().name())
                .bind("resourceType", event.resourceType())
                .bind("resourceId", event.resourceId())
                .bind("session", value(event.session()))
                .bind("context", context(event.context()))
                .bind("previous", row.previousHash())
                .bind("hash", row.hash())
                .execute();
    }

    static ChainReport verify(Connection transaction, OrgId org) {
        Handle handle = Handles.open(transaction);
        Head head = handle.createQuery("SELECT seq, hash FROM audit_heads WHERE org_id = :org")
                .bind("org", org.value())
                .map((rows, context) -> new Head(rows.getLong(1), rows.getString(2)))
                .findOne()
                .orElse(new Head(0, ChainRecords.GENESIS));
        Head last = new Head(0, ChainRecords.GENESIS);
        try (Stream<AuditRecord> rows = handle
                .createQuery(
                        "SELECT l.*, l.context::text AS context_text FROM audit_log l WHERE org_id = :org ORDER BY seq")
                .bind("org", org.value())
                .setFetchSize(FETCH)
                .map((found, context) -> record(found))
                .stream()) {
            for (AuditRecord row : (Iterable<AuditRecord>) rows::iterator) {
                String finding = misfit(last, row);
                if (finding != null) {
                    return new ChainReport(last.sequence(), last.sequence() + 1, finding);
                }
                last = new Head(row.sequence(), row.hash());
            }
        }
        // An append may have been committed while we read: the head was read first and can only be behind.
        if (last.sequence() < head.sequence()
                || (last.sequence() == head.sequence() && !last.hash().equals(head.hash()))) {
            return new ChainReport(
                    last.sequence(),
                    last.sequence() + 1,
                    "the chain's head is row " + head.sequence() + " but the rows end at " + last.sequence());
        }
        return new ChainReport(last.sequence(), null, "all " + last.sequence() + " rows fit");
    }

    /** Why this row does not follow {@code last}, or null if it does. */
    private static @Nullable String misfit(Head last, AuditRecord row) {
        if (row.sequence() != last.sequence() + 1) {
            return "row " + (last.sequence() + 1) + " is missing: the next one is " + row.sequence();
        }
        if (!row.previousHash().equals(last.hash())) {
            return "row " + row.sequence() + " does not name its predecessor's hash";
        }
        return row.hash().equals(hash(last.hash(), row.sequence(), row.at(), row.event()))
                ? null
                : "row " + row.sequence() + " was changed: its hash does not fit its content";
    }

    private static String hash(String previous, long sequence, Instant at, AuditEvent event) {
        return ChainRecords.hash(previous, ChainRecords.content(sequence, at, event));
    }

    static AuditRecord record(ResultSet rows) throws SQLException {
        String ip = rows.getString("actor_ip");
        Actor actor = new Actor(
                Actor.Kind.valueOf(rows.getString("actor_type")),
                rows.getObject("actor_id", UUID.class),
                rows.getString("actor_email"),
                ip == null ? null : InetAddress.ofLiteral(ip),
                rows.getString("actor_agent"));
        UUID session = rows.getObject("session_id", UUID.class);
        AuditEvent event = new AuditEvent(
                new OrgId(rows.getObject("org_id", UUID.class)),
                new AuditType(rows.getString("event_type")),
                actor,
                Outcome.valueOf(rows.getString("outcome")),
                rows.getString("resource_type"),
                rows.getString("resource_id"),
                session == null ? null : new SessionId(session),
                FlatJson.texts(rows.getString("context_text"), AuditError.EVENT_REFUSED));
        return new AuditRecord(
                rows.getLong("seq"),
                rows.getObject("at", OffsetDateTime.class).toInstant(),
                event,
                rows.getString("prev_hash"),
                rows.getString("hash"));
    }

    /** What the database can't hold is taken out before hashing: NUL characters; over-long texts are cut. */
    private static AuditEvent cleaned(AuditEvent event) {
        if (event.context().size() > 32) {
            throw new StreamException(AuditError.EVENT_REFUSED, "an audit event has at most 32 facts: " + event.type());
        }
        Actor a = event.actor();
        Map<String, String> facts = new TreeMap<>();
        event.context().forEach((name, value) -> facts.put(printable(name, 64), printable(value, 1024)));
        return new AuditEvent(
                event.org(),
                event.type(),
                new Actor(a.kind(), a.id(), cut(a.email(), 320), a.address(), cut(a.agent(), 512)),
                event.outcome(),
                cut(event.resourceType(), 32),
                cut(event.resourceId(), 255),
                event.session(),
                facts);
    }

    private static @Nullable String cut(@Nullable String text, int most) {
        return text == null ? null : printable(text, most);
    }

    /** Lone surrogates and NUL have no form in UTF-8 or jsonb. */
    private static String printable(String text, int most) {
        String valid = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).replace('\0', '?');
        int end = Math.min(valid.length(), most);
        return valid.substring(0, end > 0 && Character.isHighSurrogate(valid.charAt(end - 1)) ? end - 1 : end);
    }

    private static @Nullable UUID value(@Nullable SessionId session) {
        return session == null ? null : session.value();
    }

    private static String context(Map<String, String> facts) {
        CanonicalJson json = new CanonicalJson();
        facts.forEach(json::text);
        return json.toString();
    }

    private record Head(long sequence, String hash) {}
}
