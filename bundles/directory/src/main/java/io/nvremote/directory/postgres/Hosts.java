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
import io.nvremote.directory.HostDescription;
import io.nvremote.directory.HostMetrics;
import io.nvremote.directory.HostPresence;
import io.nvremote.directory.HostStatus;
import io.nvremote.lib.jdbi.Handles;
import io.nvremote.lib.jdbi.ReadableRows;
import io.nvremote.store.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Hosts as everybody sees them. The newest figures of the hosts that speak to this process are in memory; the database has
 * them with a delay.
 */
final class Hosts {

    private static final String COLUMNS = """
            SELECT h.org_id, h.id, h.hostname, h.display_name, h.status, h.gpu_info::text AS gpu_text, h.os_info::text AS os_text,
                   h.agent_version, h.max_sessions, h.figures::text AS figures_text, h.last_heartbeat_at, h.registered_at,
                   (SELECT max(c.expires_at) FROM host_certificates c
                     WHERE c.org_id = h.org_id AND c.host_id = h.id AND c.revoked_at IS NULL) AS certificate_until,
                   (SELECT l.live FROM host_load l WHERE l.org_id = h.org_id AND l.host_id = h.id) AS live
              FROM hosts h WHERE h.deleted_at IS NULL AND h.org_id =""";

    private static final String ORDER = " ORDER BY COALESCE(h.display_name, h.hostname), h.id";
    private static final String ONE = COLUMNS + " ? AND h.id = ?";
    private static final String ALL = COLUMNS + " ?" + ORDER;
    private static final String FIRST_PAGE = ALL + " LIMIT ?";
    private static final String NEXT_PAGE = COLUMNS + " ?"
            + " AND (COALESCE(h.display_name, h.hostname), h.id) > (SELECT COALESCE(a.display_name, a.hostname), a.id"
            + " FROM hosts a WHERE a.org_id = ? AND a.id = ?)" + ORDER + " LIMIT ?";

    private final Store store;
    private final AuditTrail audit;
    private final Clock clock;
    private final Heartbeats figures;
    private final ReadableRows rows = new ReadableRows("hosts");

    Hosts(Store store, AuditTrail audit, Heartbeats figures, Clock clock) {
        this.store = store;
        this.audit = audit;
        this.figures = figures;
        this.clock = clock;
    }

    List<Host> list(OrgId org) {
        return readable(store.select(org, ALL, List.of(org.value()), this::readable));
    }

    /** One part of the list: from behind a host that is or was in it. */
    List<Host> list(OrgId org, @Nullable HostId after, int limit) {
        int most = Math.clamp(limit, 1, 1000);
        return readable(
                after == null
                        ? store.select(org, FIRST_PAGE, List.of(org.value(), most), this::readable)
                        : store.select(
                                org,
                                NEXT_PAGE,
                                List.of(org.value(), org.value(), after.value(), most),
                                this::readable));
    }

    Optional<Host> host(OrgId org, HostId host) {
        return store.select(org, ONE, List.of(org.value(), host.value()), this::host).stream()
                .findFirst();
    }

    Optional<Host> visibleTo(UserId user, HostId host) {
        return store
                .select(
                        "SELECT org FROM org_of_host(?, ?) AS org WHERE org IS NOT NULL",
                        List.of(user.value(), host.value()),
                        rows -> new OrgId(rows.getObject(1, UUID.class)))
                .stream()
                .findFirst()
                .flatMap(org -> host(org, host));
    }

    Optional<Host> describe(OrgId org, HostId host, HostDescription now, Actor actor) {
        return store.within(org, transaction -> {
            Optional<String> former = Descriptions.update(transaction, org, host, now, clock.instant());
            if (former.isEmpty()) {
                return Optional.empty();
            }
            if (!former.get().equals(now.hostname())) {
                audit.append(
                        transaction,
                        AuditEvent.of(org, AuditType.HOST_RENAMED, actor, "host", host)
                                .with("former", former.get())
                                .with("hostname", now.hostname()));
            }
            return find(Handles.open(transaction), org, host);
        });
    }

    void remove(OrgId org, HostId host, Actor actor) {
        store.within(org, transaction -> {
            Handle handle = Handles.open(transaction);
            handle.createQuery(
                            "SELECT id::text FROM hosts WHERE org_id = :org AND id = :host AND deleted_at IS NULL FOR UPDATE")
                    .bind("org", org.value())
                    .bind("host", host.value())
                    .mapTo(String.class)
                    .findOne();
            Host before = find(handle, org, host)
                    .orElseThrow(() -> new StreamException(DirectoryError.HOST_UNKNOWN, "no host " + host));
            OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
            handle.createUpdate(
                            "UPDATE hosts SET deleted_at = :now, status = 'OFFLINE', updated_at = :now WHERE org_id = :org AND id = :host")
                    .bind("org", org.value())
                    .bind("host", host.value())
                    .bind("now", now)
                    .execute();
            List<String> serials = handle.createQuery("""
                            UPDATE host_certificates SET revoked_at = :now, revoke_reason = 'host removed'
                             WHERE org_id = :org AND host_id = :host AND revoked_at IS NULL RETURNING serial""")
                    .bind("org", org.value())
                    .bind("host", host.value())
                    .bind("now", now)
                    .mapTo(String.class)
                    .list();
            for (String serial : serials) {
                audit.append(
                        transaction,
                        AuditEvent.of(org, AuditType.HOST_CERT_REVOKED, actor, "host", host)
                                .with("serial", serial));
            }
            audit.append(
                    transaction,
                    AuditEvent.of(org, AuditType.HOST_DEREGISTERED, actor, "host", host)
                            .with("hostname", before.hostname()));
            return true;
        });
        figures.forget(host);
    }

    List<Host> presence(Collection<HostPresence> now) {
        Map<OrgId, List<HostPresence>> byOrg =
                now.stream().collect(Collectors.groupingBy(HostPresence::org, LinkedHashMap::new, Collectors.toList()));
        List<Host> hosts = new ArrayList<>();
        byOrg.forEach((org, each) -> hosts.addAll(presence(org, each)));
        return hosts;
    }

    private List<Host> presence(OrgId org, List<HostPresence> now) {
        now.stream().filter(each -> !each.online()).forEach(each -> figures.forget(each.host()));
        return store.within(org, transaction -> {
            Handle handle = Handles.open(transaction);
            Set<UUID> changed = new HashSet<>(note(handle, org, now, true));
            changed.addAll(note(handle, org, now, false));
            for (HostPresence each : now) {
                if (changed.contains(each.host().value())) {
                    AuditType type = each.online() ? AuditType.HOST_ONLINE : AuditType.HOST_OFFLINE;
                    audit.append(transaction, AuditEvent.of(org, type, each.by(), "host", each.host()));
                }
            }
            return readable(handle.createQuery(COLUMNS + " :org AND h.id = ANY(:hosts)")
                    .bind("org", org.value())
                    .bindArray("hosts", UUID.class, (Object[]) ids(now))
                    .map((row, context) -> readable(row))
                    .list());
        });
    }

    /** Which of them that changed. A host in maintenance stays there, online or not. */
    private List<UUID> note(Handle handle, OrgId org, List<HostPresence> now, boolean online) {
        UUID[] those = ids(now.stream().filter(each -> each.online() == online).toList());
        if (those.length == 0) {
            return List.of();
        }
        return handle.createQuery("""
                        UPDATE hosts SET status = :status, updated_at = :now,
                               last_heartbeat_at = CASE WHEN :status = 'ONLINE' THEN :now ELSE last_heartbeat_at END
                         WHERE org_id = :org AND id = ANY(:hosts) AND deleted_at IS NULL
                           AND status <> :status AND status <> 'MAINTENANCE' RETURNING id""")
                .bind("org", org.value())
                .bindArray("hosts", UUID.class, (Object[]) those)
                .bind("status", online ? "ONLINE" : "OFFLINE")
                .bind("now", clock.instant().atOffset(ZoneOffset.UTC))
                .mapTo(UUID.class)
                .list();
    }

    private static UUID[] ids(List<HostPresence> hosts) {
        return hosts.stream().map(each -> each.host().value()).toArray(UUID[]::new);
    }

    List<HostPresence> notedOnline() {
        return store.select(
                "SELECT org_id, host_id FROM online_hosts()",
                List.of(),
                rows -> new HostPresence(
                        new OrgId(rows.getObject(1, UUID.class)),
                        new HostId(rows.getObject(2, UUID.class)),
                        true,
                        Actor.SYSTEM));
    }

    private Optional<Host> find(Handle handle, OrgId org, HostId host) {
        return handle.createQuery(COLUMNS + " :org AND h.id = :host")
                .bind("org", org.value())
                .bind("host", host.value())
                .map((rows, context) -> host(rows))
                .findOne();
    }

    private Optional<Host> readable(ResultSet row) throws SQLException {
        return rows.read(row, "id", this::host);
    }

    private static List<Host> readable(List<Optional<Host>> hosts) {
        return hosts.stream().flatMap(Optional::stream).toList();
    }

    private Host host(ResultSet rows) throws SQLException {
        HostId id = new HostId(rows.getObject("id", UUID.class));
        HostMetrics newest = figures.newest(id);
        String stored = rows.getString("figures_text");
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
                newest != null ? newest : stored == null ? null : Json.figures(stored),
                newest != null && (heard == null || newest.at().isAfter(heard)) ? newest.at() : heard,
                instant(rows, "certificate_until"),
                rows.getObject("registered_at", OffsetDateTime.class).toInstant());
    }

    private static @Nullable Instant instant(ResultSet rows, String column) throws SQLException {
        OffsetDateTime value = rows.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
