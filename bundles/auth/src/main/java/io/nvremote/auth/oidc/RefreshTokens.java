// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.auth.AuthError;
import io.nvremote.core.Actor;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.core.UuidV7;
import io.nvremote.store.Store;
import io.nvremote.store.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Refresh tokens in the database: 256 random bits, kept as SHA-256, for 7 days, each used once. A sign-in is the family of
 * tokens that descend from it; one that is used twice takes the whole family with it (RFC 9700 section 4.14). The database's
 * clock decides. Safe for any thread.
 */
final class RefreshTokens {

    static final Duration LIFETIME = Duration.ofDays(7);

    private static final int LENGTH = 43;

    private final Store store;
    private final AuditTrail audit;

    RefreshTokens(Store store, AuditTrail audit) {
        this.store = store;
        this.audit = audit;
    }

    /** The first token of a new sign-in. */
    Fresh begin(UserId user) {
        UUID family = UuidV7.next();
        return transaction(connection -> new Fresh(user, family, insert(connection, user, family)));
    }

    /** Spends a token and gives its successor, or revokes the family if it was spent before. */
    Fresh rotate(Secret token, Actor actor) {
        if (token.reveal().length() != LENGTH) {
            throw new StreamException(AuthError.REFRESH_INVALID, "a refresh token has " + LENGTH + " characters");
        }
        String hash = SecureTokens.sha256Hex(token.reveal());
        Optional<Fresh> fresh = transaction(connection -> {
            Spent spent = spend(connection, hash);
            if (spent == null) {
                return Optional.empty();
            }
            Secret next = insert(connection, spent.user(), spent.family());
            audit.append(
                    connection,
                    AuditEvent.of(
                            AuditTrail.SYSTEM, AuditType.TOKEN_REFRESH, by(actor, spent.user()), "user", spent.user()));
            return Optional.of(new Fresh(spent.user(), spent.family(), next));
        });
        return fresh.orElseThrow(() -> refuse(hash, actor));
    }

    /** Revokes the family of this token and says which it was; empty if there was nothing to revoke. */
    Optional<UUID> end(Secret token, Actor actor) {
        String hash = SecureTokens.sha256Hex(token.reveal());
        return transaction(connection -> {
            Spent found = find(connection, hash);
            if (found == null || revokeFamily(connection, found.family()) == 0) {
                return Optional.empty();
            }
            audit.append(
                    connection,
                    AuditEvent.of(
                            AuditTrail.SYSTEM, AuditType.USER_LOGOUT, by(actor, found.user()), "user", found.user()));
            return Optional.of(found.family());
        });
    }

    /** Revokes a sign-in because of abuse. */
    void revoke(UUID family, String reason, Actor actor) {
        transaction(connection -> {
            if (revokeFamily(connection, family) > 0) {
                audit.append(
                        connection,
                        AuditEvent.of(AuditTrail.SYSTEM, AuditType.TOKEN_REVOKED, actor, "sign_in", family)
                                .with("reason", reason));
            }
            return true;
        });
    }

    /** Whether a usable token of this family exists. */
    boolean live(UUID family) {
        return transaction(connection -> {
            try (PreparedStatement query = connection.prepareStatement("""
                    SELECT 1 FROM refresh_tokens
                     WHERE family_id = ? AND revoked_at IS NULL AND used_at IS NULL AND expires_at > now() LIMIT 1""")) {
                query.setObject(1, family);
                try (ResultSet rows = query.executeQuery()) {
                    return rows.next();
                }
            }
        });
    }

    private StreamException refuse(String hash, Actor actor) {
        boolean reused = transaction(connection -> {
            Spent found = find(connection, hash);
            if (found == null || !found.used()) {
                return false;
            }
            if (revokeFamily(connection, found.family()) > 0) {
                audit.append(
                        connection,
                        AuditEvent.of(
                                        AuditTrail.SYSTEM,
                                        AuditType.TOKEN_REVOKED,
                                        by(actor, found.user()),
                                        "sign_in",
                                        found.family())
                                .with("reason", "refresh_reuse"));
            }
            return true;
        });
        return reused
                ? new StreamException(AuthError.REFRESH_REUSED, "the refresh token was used before")
                : new StreamException(AuthError.REFRESH_INVALID, "the refresh token is unknown, expired or revoked");
    }

    private static Actor by(Actor actor, UserId user) {
        return Actor.user(user, actor.address(), actor.agent());
    }

    private static Secret insert(Connection connection, UserId user, UUID family) throws SQLException {
        String token = SecureTokens.text();
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO refresh_tokens (id, user_id, family_id, token_hash, expires_at)
                VALUES (?, ?, ?, ?, now() + make_interval(secs => ?))""")) {
            insert.setObject(1, UuidV7.next());
            insert.setObject(2, user.value());
            insert.setObject(3, family);
            insert.setString(4, SecureTokens.sha256Hex(token));
            insert.setLong(5, LIFETIME.toSeconds());
            insert.executeUpdate();
        }
        return new Secret(token);
    }

    /** One statement decides who was first. */
    private static @Nullable Spent spend(Connection connection, String hash) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                UPDATE refresh_tokens SET used_at = now()
                 WHERE token_hash = ? AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()
                RETURNING user_id, family_id, used_at""")) {
            update.setString(1, hash);
            return one(update);
        }
    }

    private static @Nullable Spent find(Connection connection, String hash) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT user_id, family_id, used_at FROM refresh_tokens WHERE token_hash = ?")) {
            query.setString(1, hash);
            return one(query);
        }
    }

    private static int revokeFamily(Connection connection, UUID family) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE refresh_tokens SET revoked_at = now() WHERE family_id = ? AND revoked_at IS NULL")) {
            update.setObject(1, family);
            return update.executeUpdate();
        }
    }

    private static @Nullable Spent one(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next()
                    ? new Spent(
                            new UserId(rows.getObject(1, UUID.class)),
                            rows.getObject(2, UUID.class),
                            rows.getTimestamp(3) != null)
                    : null;
        }
    }

    /** In the organisation of the system's own audit chain: the tokens themselves belong to none. */
    private <T> T transaction(Transaction<T> work) {
        return store.within(AuditTrail.SYSTEM, work);
    }

    /** A token just made. */
    record Fresh(UserId user, UUID signIn, Secret token) {}

    private record Spent(UserId user, UUID family, boolean used) {}
}
