// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Host;
import io.nvremote.directory.HostMetrics;
import io.nvremote.directory.HostStatus;
import io.nvremote.lib.jdbi.Handles;
import io.nvremote.store.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Hosts as everybody sees them. The newest figures of the hosts that speak to this process are in memory; the database has
 * them with a delay.
 */
final class Hosts {

    /** How often one host's heartbeat reaches the database. */
    static final Duration WRITE_INTERVAL = Duration.ofSeconds(15);

    private static final Duration SHORTEST_SILENCE = Duration.ofSeconds(30);

    private static final String QUERY = """
            SELECT h.*, h.gpu_info::text AS gpu_text, h.os_info::text AS os_text, h.figures::text AS figures_text,
                   (SELECT max(c.expires_at) FROM host_certificates c
                     WHERE c.org_id = h.org_id AND c.host_id = h.id AND c.revoked_at IS NULL) AS certificate_until,
                   (SELECT count(*) FROM sessions s
                     WHERE s.org_id = h.org_id AND s.host_id = h.id AND s.status IN ('PENDING', 'ACTIVE')) AS live
              FROM hosts h WHERE h.org_id = :org AND h.deleted_at IS NULL""";

    private final Store store;
    private final AuditTrail audit;
    private final Clock clock;
    private final ConcurrentMap<HostId, Beat> beats = new ConcurrentHashMap<>();

    Hosts(Store store, AuditTrail audit, Clock clock) {
        this.store = store;
        this.audit = audit;
        this.clock = clock;
    }

    List<Host> list(OrgId org) {
        return store.within(org, transaction -> Handles.open(transaction)
                .createQuery(QUERY + " ORDER BY COALESCE(h.display_name, h.hostname), h.id")
                .bind("org", org.value())
                .map((rows, context) -> host(rows))
                .list());
    }

    /** One part of the list: from behind a host that is or was in it. */
    List<Host> list(OrgId org, @Nullable HostId after, int limit) {
        String from = after == null
                ? ""
                : " AND (COALESCE(h.display_name, h.hostname), h.id) > (SELECT COALESCE(a.display_name, a.hostname), a.id"
                        + " FROM hosts a WHERE a.org_id = :org AND a.id = :after)";
        return store.within(org, transaction -> {
            Query query = Handles.open(transaction)
                    .createQuery(QUERY + from + " ORDER BY COALESCE(h.display_name, h.hostname), h.id LIMIT :limit")
                    .bind("org", org.value())
                    .bind("limit", Math.clamp(limit, 1, 1000));
            if (after != null) {
                query.bind("after", after.value());
            }
            return query.map((rows, context) -> host(rows)).list();
        });
    }

    Optional<Host> host(OrgId org, HostId host) {
        return store.within(org, transaction -> find(Handles.open(transaction), org, host));
    }

    Optional<Host> visibleTo(UserId user, HostId host) {
        Optional<UUID> org = store.global(transaction -> Handles.open(transaction)
                .createQuery("SELECT org_of_host(:user, :host)")
                .bind("user", user.value())
                .bind("host", host.value())
                .mapTo(UUID.class)
                .findOne());
        return org.flatMap(found -> host(new OrgId(found), host));
    }

    Host presence(OrgId org, HostId host, boolean online, Actor actor) {
        if (!online) {
            beats.remove(host);
        }
        return store.within(org, transaction -> {
            Handle handle = Handles.open(transaction);
            OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
            // A host in maintenance stays there, online or not.
            int changed = handle.createUpdate("""
                            UPDATE hosts SET status = :status, updated_at = :now,
                                   last_heartbeat_at = CASE WHEN :status = 'ONLINE' THEN :now ELSE last_heartbeat_at END
                             WHERE org_id = :org AND id = :host AND deleted_at IS NULL
                               AND status <> :status AND status <> 'MAINTENANCE'""")
                    .bind("org", org.value())
                    .bind("host", host.value())
                    .bind("status", online ? "ONLINE" : "OFFLINE")
                    .bind("now", now)
                    .execute();
            if (changed > 0) {
                AuditType type = online ? AuditType.HOST_ONLINE : AuditType.HOST_OFFLINE;
                audit.append(transaction, AuditEvent.of(org, type, actor, "host", host));
            }
            return find(handle, org, host)
                    .orElseThrow(() -> new StreamException(DirectoryError.HOST_UNKNOWN, "no host " + host));
        });
    }

    void heartbeat(OrgId org, HostId host, HostMetrics figures) {
        long now = clock.nanos();
        Beat before = beats.get(host);
        boolean write = before == null || now - before.writtenAt() >= WRITE_INTERVAL.toNanos();
        beats.put(host, new Beat(figures, write || before == null ? now : before.writtenAt()));
        if (write) {
            store.within(org, transaction -> Handles.open(transaction)
                    .createUpdate("""
                            UPDATE hosts SET figures = CAST(:figures AS jsonb), last_heartbeat_at = :now
                             WHERE org_id = :org AND id = :host AND deleted_at IS NULL""")
                    .bind("org", org.value())
                    .bind("host", host.value())
                    .bind("figures", Json.write(figures))
                    .bind("now", clock.instant().atOffset(ZoneOffset.UTC))
                    .execute());
        }
    }

    List<Host> sweepSilent(Duration silence) {
        Duration least = silence.compareTo(SHORTEST_SILENCE) < 0 ? SHORTEST_SILENCE : silence;
        Instant before = clock.instant().minus(least);
        List<UUID[]> silent = store.global(transaction -> Handles.open(transaction)
                .createQuery("SELECT org_id, host_id FROM silent_hosts(:before)")
                .bind("before", before.atOffset(ZoneOffset.UTC))
                .map((rows, context) -> new UUID[] {rows.getObject(1, UUID.class), rows.getObject(2, UUID.class)})
                .list());
        List<Host> changed = new ArrayList<>();
        for (UUID[] each : silent) {
            silence(new OrgId(each[0]), new HostId(each[1]), before).ifPresent(changed::add);
        }
        return changed;
    }

    /** Offline, unless it was heard of since. */
    private Optional<Host> silence(OrgId org, HostId host, Instant before) {
        return store.within(org, transaction -> {
            Handle handle = Handles.open(transaction);
            int changed = handle.createUpdate("""
                            UPDATE hosts SET status = 'OFFLINE', updated_at = :now
                             WHERE org_id = :org AND id = :host AND status = 'ONLINE'
                               AND COALESCE(last_heartbeat_at, updated_at) < :before""")
                    .bind("org", org.value())
                    .bind("host", host.value())
                    .bind("now", clock.instant().atOffset(ZoneOffset.UTC))
                    .bind("before", before.atOffset(ZoneOffset.UTC))
                    .execute();
            if (changed == 0) {
                return Optional.empty();
            }
            beats.remove(host);
            audit.append(
                    transaction,
                    AuditEvent.of(org, AuditType.HOST_OFFLINE, Actor.SYSTEM, "host", host)
                            .with("reason", "silent"));
            return find(handle, org, host);
        });
    }

    private Optional<Host> find(Handle handle, OrgId org, HostId host) {
        return handle.createQuery(QUERY + " AND h.id = :host")
                .bind("org", org.value())
                .bind("host", host.value())
                .map((rows, context) -> host(rows))
                .findOne();
    }

    private Host host(ResultSet rows) throws SQLException {
        HostId id = new HostId(rows.getObject("id", UUID.class));
        Beat beat = beats.get(id);
        String stored = rows.getString("figures_text");
        HostMetrics figures = beat != null ? beat.figures() : stored == null ? null : Json.figures(stored);
        Instant heard = instant(rows, "last_heartbeat_at");
        int most = rows.getInt("max_sessions");
        HostStatus status = HostStatus.valueOf(rows.getString("status"));
        if (status == HostStatus.ONLINE && rows.getInt("live") >= most) {
            status = HostStatus.BUSY;
        }
        return new Host(
                id,
                new OrgId(rows.getObject("org_id", UUID.class)),
                rows.getString("hostname"),
                rows.getString("display_name"),
                status,
                Json.facts(rows.getString("gpu_text")),
                Json.facts(rows.getString("os_text")),
                rows.getString("agent_version"),
                most,
                figures,
                beat != null && (heard == null || beat.figures().at().isAfter(heard))
                        ? beat.figures().at()
                        : heard,
                instant(rows, "certificate_until"),
                rows.getObject("registered_at", OffsetDateTime.class).toInstant());
    }

    private static @Nullable Instant instant(ResultSet rows, String column) throws SQLException {
        OffsetDateTime value = rows.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    /** The newest heartbeat of one host, and when one was last written down (monotonic nanoseconds). */
    private record Beat(HostMetrics figures, long writtenAt) {}
}
