// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.auth.SignInEntry;
import io.nvremote.core.Actor;
import io.nvremote.core.Secret;
import io.nvremote.core.UserId;
import io.nvremote.core.UuidV7;
import io.nvremote.lib.tokens.SecureTokens;
import java.net.InetAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rows of {@code refresh_tokens}. Works on the caller's transaction. */
final class TokenRows {

    enum State {
        /** May be spent. */
        FRESH,
        /** Was spent, whatever became of the family. */
        SPENT,
        /** Revoked or expired before it was spent. */
        DEAD
    }

    record Row(UserId user, UUID family, State state) {}

    /** Whose a living sign-in is. */
    record Owner(UUID family, UserId user) {}

    /** Of some sign-ins those that live. */
    static final String OWNERS = """
            SELECT DISTINCT family_id, user_id FROM refresh_tokens
             WHERE family_id = ANY(?) AND revoked_at IS NULL AND used_at IS NULL AND expires_at > now()""";

    /** Of one user the sign-ins that live, a page of them. */
    static final String LIVING = """
            SELECT t.family_id, (SELECT min(f.created_at) FROM refresh_tokens f WHERE f.family_id = t.family_id) AS since,
                   t.created_at, t.expires_at, host(t.address) AS address, t.agent
              FROM refresh_tokens t
             WHERE t.user_id = ? AND t.revoked_at IS NULL AND t.used_at IS NULL AND t.expires_at > now() AND t.family_id > ?
             ORDER BY t.family_id LIMIT ?""";

    private TokenRows() {}

    /**
     * The row of this token, read after its family was locked until the end of the transaction: what it says stays true. Null
     * if there is none.
     */
    static @Nullable Row locked(Connection connection, Secret token) throws SQLException {
        Row seen = find(connection, token);
        if (seen == null) {
            return null;
        }
        lock(connection, seen.family());
        return find(connection, token);
    }

    /** Waits until nobody else changes this family, and keeps others away until the end of the transaction. */
    static void lock(Connection connection, UUID family) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtextextended('sign-in ' || ?, 0))")) {
            lock.setString(1, family.toString());
            lock.executeQuery().close();
        }
    }

    /** @param actor who uses the sign-in, and where from */
    static void insert(Connection connection, RefreshTokens.Fresh fresh, Duration lifetime, Actor actor)
            throws SQLException {
        InetAddress address = actor.address();
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO refresh_tokens (id, user_id, family_id, token_hash, expires_at, address, agent)
                VALUES (?, ?, ?, ?, now() + make_interval(secs => ?), CAST(? AS inet), ?)""")) {
            insert.setObject(1, UuidV7.next());
            insert.setObject(2, fresh.user().value());
            insert.setObject(3, fresh.signIn());
            insert.setString(4, hash(fresh.token()));
            insert.setLong(5, lifetime.toSeconds());
            insert.setString(
                    6, address == null ? null : address.getHostAddress().replaceAll("%.*", ""));
            insert.setString(7, actor.agent());
            insert.executeUpdate();
        }
    }

    static void spend(Connection connection, Secret token) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE refresh_tokens SET used_at = now() WHERE token_hash = ?")) {
            update.setString(1, hash(token));
            update.executeUpdate();
        }
    }

    /** Revokes what is left of a family whose lock is held; 0 if nothing was. */
    static int revoke(Connection connection, UUID family) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE refresh_tokens SET revoked_at = now() WHERE family_id = ? AND revoked_at IS NULL")) {
            update.setObject(1, family);
            return update.executeUpdate();
        }
    }

    /** Whether this token of the family can be spent and is younger than this. */
    static boolean young(Connection connection, UUID family, Secret token, Duration age) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT 1 FROM refresh_tokens
                 WHERE token_hash = ? AND family_id = ? AND used_at IS NULL AND revoked_at IS NULL
                   AND created_at > now() - make_interval(secs => ?)""")) {
            query.setString(1, hash(token));
            query.setObject(2, family);
            query.setLong(3, age.toSeconds());
            try (ResultSet rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** A row of {@link #OWNERS}. */
    static Owner owner(ResultSet rows) throws SQLException {
        return new Owner(rows.getObject(1, UUID.class), new UserId(rows.getObject(2, UUID.class)));
    }

    /** A row of {@link #LIVING}. */
    static SignInEntry entry(ResultSet row) throws SQLException {
        return new SignInEntry(
                row.getObject("family_id", UUID.class),
                row.getObject("since", OffsetDateTime.class).toInstant(),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                row.getString("address"),
                row.getString("agent"));
    }

    /** The living sign-ins of a user. */
    static List<UUID> families(Connection connection, UserId user) throws SQLException {
        List<UUID> families = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT family_id FROM refresh_tokens
                 WHERE user_id = ? AND revoked_at IS NULL AND used_at IS NULL AND expires_at > now()""")) {
            query.setObject(1, user.value());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    families.add(rows.getObject(1, UUID.class));
                }
            }
        }
        return families;
    }

    private static @Nullable Row find(Connection connection, Secret token) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT user_id, family_id, used_at IS NOT NULL, revoked_at IS NOT NULL OR expires_at <= now()
                  FROM refresh_tokens WHERE token_hash = ?""")) {
            query.setString(1, hash(token));
            try (ResultSet rows = query.executeQuery()) {
                if (!rows.next()) {
                    return null;
                }
                State state = rows.getBoolean(3) ? State.SPENT : rows.getBoolean(4) ? State.DEAD : State.FRESH;
                return new Row(new UserId(rows.getObject(1, UUID.class)), rows.getObject(2, UUID.class), state);
            }
        }
    }

    private static String hash(Secret token) {
        return SecureTokens.sha256Hex(token.reveal());
    }
}
