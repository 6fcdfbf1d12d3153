// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker.postgres;

import io.nvremote.broker.Gateway;
import io.nvremote.broker.SessionStatus;
import io.nvremote.broker.StreamSession;
import io.nvremote.broker.TunnelPair;
import io.nvremote.core.Clock;
import io.nvremote.core.CoreError;
import io.nvremote.core.Endpoint;
import io.nvremote.core.GatewayId;
import io.nvremote.core.GatewayKey;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.core.UserId;
import io.nvremote.lib.jdbi.Handles;
import io.nvremote.lib.jdbi.ReadableRows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Reads rows of {@code sessions}. */
final class SessionRows {

    static final String COLUMNS = """
            id, org_id, user_id, sign_in_id, host_id, status, client_public_key, host_public_key, pair_no, gateway_id,
            gateway_endpoint, gateway_public_key, created_at, deadline, started_at, ended_at, end_reason""";

    private SessionRows() {}

    /** A handle on the store's open transaction: never closes or commits it. */
    static Handle on(Connection connection) {
        return Handles.open(connection);
    }

    /** One session of the transaction's organisation, locked against changes until the transaction ends. */
    static Optional<StreamSession> locked(Handle handle, OrgId org, SessionId id) {
        return handle.createQuery("SELECT " + COLUMNS
                        + " FROM sessions WHERE org_id = CAST(:org AS uuid) AND id = CAST(:id AS uuid) FOR UPDATE")
                .bind("org", org.toString())
                .bind("id", id.toString())
                .map((row, context) -> read(row))
                .findOne();
    }

    /** Those of the query's rows that can be read. */
    static List<StreamSession> readable(Query query, ReadableRows rows) {
        return query.map((row, context) -> rows.read(row, "id", SessionRows::read)).list().stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** The time to the microsecond, as PostgreSQL keeps it: what is returned equals what is read later. */
    static Instant now(Clock clock) {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    static StreamSession read(ResultSet row) throws SQLException {
        return new StreamSession(
                new SessionId(row.getObject("id", UUID.class)),
                new OrgId(row.getObject("org_id", UUID.class)),
                new UserId(row.getObject("user_id", UUID.class)),
                row.getObject("sign_in_id", UUID.class),
                new HostId(row.getObject("host_id", UUID.class)),
                SessionStatus.valueOf(row.getString("status")),
                value(row, "client_public_key", TunnelPublicKey::parse),
                row.getString("host_public_key") == null ? null : value(row, "host_public_key", TunnelPublicKey::parse),
                new TunnelPair(row.getInt("pair_no")),
                new GatewayId(row.getObject("gateway_id", UUID.class)),
                value(row, "gateway_endpoint", Endpoint::parse),
                value(row, "gateway_public_key", GatewayKey::parse),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("deadline", OffsetDateTime.class).toInstant(),
                instant(row, "started_at"),
                instant(row, "ended_at"),
                row.getString("end_reason"));
    }

    static Gateway gateway(GatewayId id, ResultSet row) throws SQLException {
        return new Gateway(
                id,
                value(row, "endpoint", Endpoint::parse),
                value(row, "public_key", GatewayKey::parse),
                row.getInt("pairs"));
    }

    /** What a column holds was checked before it was written: if it breaks its rule, that is no fault of who asks. */
    private static <T> T value(ResultSet row, String column, Function<String, T> read) throws SQLException {
        try {
            return read.apply(row.getString(column));
        } catch (StreamException e) {
            throw new StreamException(CoreError.INTERNAL, "column " + column + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
