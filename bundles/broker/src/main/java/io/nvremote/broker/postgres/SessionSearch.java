// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker.postgres;

import io.nvremote.broker.Gateway;
import io.nvremote.broker.SessionQuery;
import io.nvremote.broker.StreamSession;
import io.nvremote.core.GatewayId;
import io.nvremote.core.OrgId;
import io.nvremote.core.SessionId;
import io.nvremote.core.UserId;
import io.nvremote.lib.jdbi.ReadableRows;
import io.nvremote.store.Store;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.Query;

/** Looks sessions up; changes nothing. Every query names its organisation, beside the row-level security. */
final class SessionSearch {

    private static final int PAGE = 100;

    private final Store store;
    private final ReadableRows sessions;
    private final ReadableRows gateways = new ReadableRows("gateways");

    /** @param sessions where rows that can't be read are told of */
    SessionSearch(Store store, ReadableRows sessions) {
        this.store = store;
        this.sessions = sessions;
    }

    List<Gateway> gateways() {
        return store.global(connection -> SessionRows.on(connection)
                .createQuery("SELECT id, endpoint, public_key, pairs FROM gateways ORDER BY id")
                .map((row, context) -> gateways.read(
                        row, "id", each -> SessionRows.gateway(new GatewayId(each.getObject("id", UUID.class)), each)))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList());
    }

    Optional<StreamSession> find(OrgId org, SessionId id) {
        return store.within(org, connection -> SessionRows.on(connection)
                .createQuery("SELECT " + SessionRows.COLUMNS
                        + " FROM sessions WHERE org_id = CAST(:org AS uuid) AND id = CAST(:id AS uuid)")
                .bind("org", org.toString())
                .bind("id", id.toString())
                .map((row, context) -> SessionRows.read(row))
                .findOne());
    }

    Optional<StreamSession> visibleTo(UserId user, SessionId id) {
        Optional<OrgId> org = store.global(connection -> SessionRows.on(connection)
                .createQuery("SELECT org_of_session(CAST(:user AS uuid), CAST(:id AS uuid)) AS org_id")
                .bind("user", user.toString())
                .bind("id", id.toString())
                .map((row, context) ->
                        Optional.ofNullable(row.getObject("org_id", UUID.class)).map(OrgId::new))
                .one());
        return org.flatMap(found -> find(found, id));
    }

    List<StreamSession> list(SessionQuery query) {
        StringBuilder sql =
                new StringBuilder("SELECT " + SessionRows.COLUMNS + " FROM sessions WHERE org_id = CAST(:org AS uuid)");
        if (query.user() != null) {
            sql.append(" AND user_id = CAST(:user AS uuid)");
        }
        if (query.host() != null) {
            sql.append(" AND host_id = CAST(:host AS uuid)");
        }
        if (query.status() != null) {
            sql.append(" AND status = :status");
        }
        if (query.before() != null) {
            sql.append(" AND id < CAST(:before AS uuid)");
        }
        sql.append(" ORDER BY id DESC LIMIT :limit");
        return store.within(query.org(), connection -> {
            Query rows = SessionRows.on(connection)
                    .createQuery(sql.toString())
                    .bind("org", query.org().toString())
                    .bind("limit", Math.clamp(query.limit(), 1, PAGE));
            if (query.user() != null) {
                rows.bind("user", query.user().toString());
            }
            if (query.host() != null) {
                rows.bind("host", query.host().toString());
            }
            if (query.status() != null) {
                rows.bind("status", query.status().name());
            }
            if (query.before() != null) {
                rows.bind("before", query.before().toString());
            }
            return readable(rows);
        });
    }

    List<StreamSession> live(GatewayId gateway) {
        return store.global(connection -> readable(SessionRows.on(connection)
                .createQuery("SELECT " + SessionRows.COLUMNS + " FROM live_sessions(CAST(:gateway AS uuid))")
                .bind("gateway", gateway.toString())));
    }

    private List<StreamSession> readable(Query rows) {
        return SessionRows.readable(rows, sessions);
    }
}
