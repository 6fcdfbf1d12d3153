// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.auth.AuthError;
import io.nvremote.auth.SignInEntry;
import io.nvremote.core.Actor;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.lib.tokens.SecureTokens;
import io.nvremote.store.Store;
import io.nvremote.store.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Refresh tokens in the database: 256 bits, kept as SHA-256, for 7 days, each used once. A sign-in is the family of tokens
 * that descend from it; one that is used twice takes the whole family with it (RFC 9700 section 4.14). Whoever changes a
 * family locks it first, so that a rotation and a revocation never run side by side. The database's clock decides. Safe for
 * any thread.
 */
final class RefreshTokens {

    static final Duration LIFETIME = Duration.ofDays(7);

    /** How long the answer to a refresh can be asked for again by who asked first. */
    static final Duration REPEATABLE = Duration.ofMinutes(2);

    private static final int LENGTH = 43;

    private final Store store;
    private final AuditTrail audit;
    private final Successors successors;

    RefreshTokens(Store store, AuditTrail audit, Successors successors) {
        this.store = store;
        this.audit = audit;
        this.successors = successors;
    }

    /** The first token of a new sign-in, whose id the caller chose. */
    Fresh begin(UserId user, UUID family, Actor actor) {
        Fresh fresh = new Fresh(user, family, new Secret(SecureTokens.text()));
        return transaction(connection -> {
            TokenRows.insert(connection, fresh, LIFETIME, actor);
            return fresh;
        });
    }

    /**
     * Spends a token and gives its successor, or revokes the family if it was spent before.
     *
     * @param attempt the caller's own secret for this try: who repeats token and attempt within {@link #REPEATABLE}, because
     *     the answer was lost on its way, gets the same answer; null for somebody who never repeats
     */
    Rotation rotate(Secret token, @Nullable Secret attempt, Actor actor) {
        if (token.reveal().length() != LENGTH) {
            return new Rotation.Unknown();
        }
        Secret next = successors.of(token, attempt);
        return transaction(connection -> {
            TokenRows.Row row = TokenRows.locked(connection, token);
            if (row == null) {
                return new Rotation.Unknown();
            }
            return switch (row.state()) {
                case DEAD -> new Rotation.Over(row.user());
                case FRESH -> succeed(connection, row, token, next, actor);
                case SPENT -> again(connection, row, next, actor);
            };
        });
    }

    private Rotation succeed(Connection connection, TokenRows.Row row, Secret token, Secret next, Actor actor)
            throws SQLException {
        TokenRows.spend(connection, token);
        Fresh fresh = new Fresh(row.user(), row.family(), next);
        TokenRows.insert(connection, fresh, LIFETIME, actor);
        audit.append(
                connection,
                AuditEvent.of(AuditTrail.SYSTEM, AuditType.TOKEN_REFRESH, by(actor, row.user()), "user", row.user()));
        return new Rotation.Next(fresh);
    }

    private Rotation again(Connection connection, TokenRows.Row row, Secret next, Actor actor) throws SQLException {
        // Only who has both the token and the attempt of the first try comes to the same successor.
        if (TokenRows.young(connection, row.family(), next, REPEATABLE)) {
            return new Rotation.Next(new Fresh(row.user(), row.family(), next));
        }
        revoke(connection, row.family(), "refresh_reuse", by(actor, row.user()));
        return new Rotation.Reused(row.family());
    }

    /** Ends the sign-in of this token and says which it was; empty if there was nothing to end. */
    Optional<UUID> end(Secret token, Actor actor) {
        return transaction(connection -> {
            TokenRows.Row row = TokenRows.locked(connection, token);
            if (row == null || TokenRows.revoke(connection, row.family()) == 0) {
                return Optional.empty();
            }
            audit.append(
                    connection,
                    AuditEvent.of(AuditTrail.SYSTEM, AuditType.USER_LOGOUT, by(actor, row.user()), "user", row.user()));
            return Optional.of(row.family());
        });
    }

    /** Ends a sign-in for a reason other than the person's wish. */
    void revoke(UUID family, String reason, Actor actor) {
        transaction(connection -> {
            TokenRows.lock(connection, family);
            revoke(connection, family, reason, actor);
            return true;
        });
    }

    /** The living sign-ins of a user. */
    List<UUID> of(UserId user) {
        return transaction(connection -> TokenRows.families(connection, user));
    }

    /** The same with what is known of them, a page of them. */
    List<SignInEntry> of(UserId user, @Nullable UUID after, int limit) {
        return store.select(
                AuditTrail.SYSTEM,
                TokenRows.LIVING,
                List.of(user.value(), after == null ? new UUID(0, 0) : after, limit),
                TokenRows::entry);
    }

    /** Ends a living sign-in of this user; false if there is none. */
    boolean end(UserId user, UUID family, Actor actor) {
        return transaction(connection -> {
            TokenRows.lock(connection, family);
            if (!TokenRows.families(connection, user).contains(family)) {
                return false;
            }
            revoke(connection, family, "by_user", actor);
            return true;
        });
    }

    /** Whose these sign-ins are, of those that live. */
    Map<UUID, UserId> owners(Set<UUID> families) {
        Map<UUID, UserId> owners = new HashMap<>();
        store.select(
                        AuditTrail.SYSTEM,
                        TokenRows.OWNERS,
                        Collections.singletonList(families.toArray(UUID[]::new)),
                        TokenRows::owner)
                .forEach(row -> owners.put(row.family(), row.user()));
        return owners;
    }

    private void revoke(Connection connection, UUID family, String reason, Actor actor) throws SQLException {
        if (TokenRows.revoke(connection, family) > 0) {
            audit.append(
                    connection,
                    AuditEvent.of(AuditTrail.SYSTEM, AuditType.TOKEN_REVOKED, actor, "sign_in", family)
                            .with("reason", reason));
        }
    }

    private static Actor by(Actor actor, UserId user) {
        return Actor.user(user, actor.address(), actor.agent());
    }

    /** In the organisation of the system's own audit chain: the tokens themselves belong to none. */
    private <T> T transaction(Transaction<T> work) {
        return store.within(AuditTrail.SYSTEM, work);
    }

    /** A token just made. */
    record Fresh(UserId user, UUID signIn, Secret token) {}

    /** What became of a token that was shown. A refusal is a value and no exception: what it revoked must stay revoked. */
    sealed interface Rotation {

        /** Here is the next one. */
        record Next(Fresh fresh) implements Rotation {}

        /** It was spent before: the sign-in is over. */
        record Reused(UUID signIn) implements Rotation {}

        /** It expired or was revoked. */
        record Over(UserId user) implements Rotation {}

        /** No such token. */
        record Unknown() implements Rotation {}

        /** The next token, or the refusal. */
        default Fresh orThrow() {
            return switch (this) {
                case Next next -> next.fresh();
                case Reused reused ->
                    throw new StreamException(AuthError.REFRESH_REUSED, "the refresh token was used before");
                case Over _, Unknown _ ->
                    throw new StreamException(
                            AuthError.REFRESH_INVALID, "the refresh token is unknown, expired or revoked");
            };
        }
    }
}
