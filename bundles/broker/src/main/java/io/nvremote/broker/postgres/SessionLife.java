// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker.postgres;

import io.nvremote.audit.AuditType;
import io.nvremote.broker.Broker;
import io.nvremote.broker.BrokerError;
import io.nvremote.broker.Gateway;
import io.nvremote.broker.SessionStatus;
import io.nvremote.broker.StreamSession;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.lib.jdbi.ReadableRows;
import io.nvremote.store.Store;
import io.nvremote.store.StoreError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * The life of a session: PENDING, ACTIVE, and one of three ends. Each step is one transaction that also audits; the
 * session's row is locked first, so steps of one session queue.
 */
final class SessionLife {

    private static final String HOST_LOST = "host_lost";

    private record Overdue(OrgId org, SessionId id, HostId host) {}

    private final Store store;
    private final SessionEnds ends;
    private final ReadableRows rows;
    private final BrokerSettings settings;
    private final Clock clock;
    private final SteadyTime steady;

    /** @param rows where sessions that nothing can be done with are told of */
    SessionLife(Store store, SessionEnds ends, ReadableRows rows, BrokerSettings settings, Clock clock) {
        this.store = store;
        this.ends = ends;
        this.rows = rows;
        this.settings = settings;
        this.clock = clock;
        steady = new SteadyTime(clock.instant(), clock.nanos());
    }

    void announce(Gateway gateway) {
        store.global(connection -> {
            Handle handle = SessionRows.on(connection);
            handle.createUpdate("""
                            INSERT INTO gateways (id, endpoint, public_key, pairs, announced_at)
                            VALUES (CAST(:id AS uuid), :endpoint, :key, :pairs, :now)
                            ON CONFLICT (id) DO UPDATE SET endpoint = EXCLUDED.endpoint, public_key = EXCLUDED.public_key,
                                pairs = GREATEST(gateways.pairs, EXCLUDED.pairs), announced_at = EXCLUDED.announced_at""")
                    .bind("id", gateway.id().toString())
                    .bind("endpoint", gateway.endpoint().toString())
                    .bind("key", gateway.publicKey().toString())
                    .bind("pairs", gateway.pairs())
                    .bind("now", now())
                    .execute();
            handle.createUpdate("""
                            INSERT INTO addr_slots (gateway_id, pair_no)
                            SELECT CAST(:id AS uuid), n FROM generate_series(0, :pairs - 1) n ON CONFLICT DO NOTHING""")
                    .bind("id", gateway.id().toString())
                    .bind("pairs", gateway.pairs())
                    .execute();
            return true;
        });
    }

    StreamSession answer(OrgId org, HostId host, SessionId id, TunnelPublicKey hostPublicKey, Actor actor) {
        return store.within(org, connection -> {
            Handle handle = SessionRows.on(connection);
            StreamSession session = SessionRows.locked(handle, org, id)
                    .filter(found -> found.host().equals(host))
                    .orElseThrow(() -> unknown(id));
            if (!session.status().live()) {
                throw new StreamException(BrokerError.SESSION_ENDED, "session " + id + " is " + session.status());
            }
            if (session.hostPublicKey() != null) {
                if (session.hostPublicKey().equals(hostPublicKey)) {
                    return session;
                }
                throw new StreamException(BrokerError.ALREADY_ANSWERED, "session " + id + " was answered before");
            }
            if (!session.deadline().isAfter(now())) {
                throw new StreamException(BrokerError.SESSION_ENDED, "session " + id + " was answered too late");
            }
            if (hostPublicKey.equals(session.clientPublicKey())) {
                throw keyOf("the client's");
            }
            if (session.gatewayPublicKey().is(hostPublicKey)) {
                throw keyOf("the gateway's");
            }
            handle.createUpdate(
                            "UPDATE sessions SET host_public_key = :key WHERE org_id = CAST(:org AS uuid) AND id = CAST(:id AS uuid)")
                    .bind("key", hostPublicKey.toString())
                    .bind("org", org.toString())
                    .bind("id", id.toString())
                    .execute();
            StreamSession answered = SessionRows.locked(handle, org, id).orElseThrow();
            ends.note(connection, answered, AuditType.SESSION_ACCEPTED, actor, null);
            return answered;
        });
    }

    StreamSession activate(OrgId org, SessionId id, Actor actor) {
        return store.within(org, connection -> {
            Handle handle = SessionRows.on(connection);
            StreamSession session = SessionRows.locked(handle, org, id).orElseThrow(() -> unknown(id));
            if (session.status() == SessionStatus.ACTIVE) {
                return session;
            }
            if (!session.status().live()) {
                throw new StreamException(BrokerError.SESSION_ENDED, "session " + id + " is " + session.status());
            }
            if (session.hostPublicKey() == null) {
                throw new StreamException(BrokerError.NOT_ANSWERED, "session " + id + " has no host key yet");
            }
            handle.createUpdate("""
                            UPDATE sessions SET status = 'ACTIVE', started_at = :now
                             WHERE org_id = CAST(:org AS uuid) AND id = CAST(:id AS uuid)""")
                    .bind("now", now())
                    .bind("org", org.toString())
                    .bind("id", id.toString())
                    .execute();
            StreamSession active = SessionRows.locked(handle, org, id).orElseThrow();
            ends.note(connection, active, AuditType.SESSION_ACTIVE, actor, null);
            return active;
        });
    }

    StreamSession fail(OrgId org, SessionId id, String reason, Actor actor) {
        return end(org, id, SessionStatus.FAILED, AuditType.SESSION_FAILED, reason, actor);
    }

    StreamSession terminate(OrgId org, SessionId id, String reason, Actor actor) {
        AuditType type =
                reason.equals("admin_force") ? AuditType.SESSION_FORCE_TERMINATED : AuditType.SESSION_TERMINATED;
        return end(org, id, SessionStatus.TERMINATED, type, reason, actor);
    }

    List<StreamSession> expireOverdue(Predicate<HostId> connected) {
        Instant now = now();
        List<Overdue> overdue = sessions(
                "SELECT * FROM overdue_sessions(:now, :since)",
                Map.of("now", now, "since", now.minus(settings.longest())));
        List<StreamSession> ended = new ArrayList<>();
        boolean answers = endEach(lost(now, connected), this::failLost, s -> HOST_LOST.equals(s.endReason()), ended);
        if (answers) {
            endEach(overdue, this::expire, s -> s.status() == SessionStatus.EXPIRED, ended);
        }
        return ended;
    }

    /**
     * Ends each. One that can't be ended, since its row breaks a rule, takes nothing from the others; a database that is away
     * ends the round, and those that ended before are told of nevertheless.
     *
     * @param ended gets those that did end so
     * @return whether the database answers
     */
    private boolean endEach(
            List<Overdue> sessions,
            Function<Overdue, StreamSession> end,
            Predicate<StreamSession> so,
            List<StreamSession> ended) {
        for (Overdue each : sessions) {
            try {
                StreamSession session = end.apply(each);
                if (so.test(session)) {
                    ended.add(session);
                }
            } catch (RuntimeException e) {
                if (!ofTheStore(e)) {
                    rows.leftOut(each.id().toString(), e);
                } else if (ended.isEmpty()) {
                    throw e;
                } else {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean ofTheStore(RuntimeException e) {
        return e instanceof StreamException failed
                && failed.code() instanceof StoreError error
                && error != StoreError.FAILED;
    }

    private StreamSession expire(Overdue late) {
        return end(late.org(), late.id(), SessionStatus.EXPIRED, AuditType.SESSION_EXPIRED, "timeout", Actor.SYSTEM);
    }

    private StreamSession failLost(Overdue lost) {
        return fail(lost.org(), lost.id(), HOST_LOST, Actor.SYSTEM);
    }

    /**
     * Hosts have as long to come back after this broker or its database was away as after they were away themselves: while
     * nobody could write that they were heard of, nothing says that they were not.
     */
    private List<Overdue> lost(Instant now, Predicate<HostId> connected) {
        List<Overdue> silent =
                sessions("SELECT * FROM lost_sessions(:before)", Map.of("before", now.minus(settings.hostLost())));
        if (steady.went(clock.instant(), clock.nanos()).compareTo(settings.hostLost()) < 0) {
            return List.of();
        }
        return silent.stream().filter(lost -> !connected.test(lost.host())).toList();
    }

    private List<Overdue> sessions(String query, Map<String, Instant> times) {
        return store.global(connection -> SessionRows.on(connection)
                .createQuery(query)
                .bindMap(times)
                .map((row, context) -> new Overdue(
                        new OrgId(row.getObject("org_id", UUID.class)),
                        new SessionId(row.getObject("session_id", UUID.class)),
                        new HostId(row.getObject("host_id", UUID.class))))
                .list());
    }

    Broker.Reconciliation reconcile(OrgId org, HostId host, Set<SessionId> running, Actor actor) {
        List<StreamSession> live = store.within(
                org,
                connection -> SessionRows.readable(
                        SessionRows.on(connection)
                                .createQuery("SELECT " + SessionRows.COLUMNS + """
                           FROM sessions WHERE org_id = CAST(:org AS uuid) AND host_id = CAST(:host AS uuid)
                          AND status IN ('PENDING', 'ACTIVE') ORDER BY id""")
                                .bind("org", org.toString())
                                .bind("host", host.toString()),
                        rows));
        List<StreamSession> ended = new ArrayList<>();
        for (StreamSession session : live) {
            if (session.status() == SessionStatus.ACTIVE && !running.contains(session.id())) {
                ended.add(fail(org, session.id(), "host_lost_session", actor));
            }
        }
        Set<SessionId> known = live.stream().map(StreamSession::id).collect(Collectors.toSet());
        List<SessionId> stop =
                running.stream().filter(id -> !known.contains(id)).toList();
        return new Broker.Reconciliation(ended, stop);
    }

    private StreamSession end(
            OrgId org, SessionId id, SessionStatus status, AuditType type, String reason, Actor actor) {
        return store.within(org, connection -> {
            Handle handle = SessionRows.on(connection);
            StreamSession session = SessionRows.locked(handle, org, id).orElseThrow(() -> unknown(id));
            if (!session.status().live()) {
                return session;
            }
            StreamSession ended = ends.write(handle, session, status, reason, actor);
            ends.note(connection, ended, type, actor, reason);
            return ended;
        });
    }

    private Instant now() {
        return SessionRows.now(clock);
    }

    /** A key that came from one party and is another's. */
    static StreamException keyOf(String whose) {
        return new StreamException(BrokerError.KEY_REFUSED, "a public key is " + whose + ": make one of your own");
    }

    private static StreamException unknown(SessionId id) {
        return new StreamException(BrokerError.SESSION_UNKNOWN, "no session " + id);
    }
}
