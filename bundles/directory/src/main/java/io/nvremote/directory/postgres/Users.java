// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Identity;
import io.nvremote.directory.Membership;
import io.nvremote.directory.Role;
import io.nvremote.directory.User;
import io.nvremote.lib.jdbi.Handles;
import io.nvremote.lib.jdbi.ReadableRows;
import io.nvremote.store.Store;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** People and what they are members of. */
final class Users {

    private final Store store;
    private final AuditTrail audit;
    private final Clock clock;
    private final ReadableRows members = new ReadableRows("org_members");

    Users(Store store, AuditTrail audit, Clock clock) {
        this.store = store;
        this.audit = audit;
        this.clock = clock;
    }

    User signIn(Identity identity, Actor actor) {
        requireUsable(identity);
        // Sign-ins belong to no organisation: the system's chain records them.
        return store.within(AuditTrail.SYSTEM, transaction -> {
            Handle handle = Handles.open(transaction);
            Optional<UserId> known = find(handle, identity);
            UserId id = known.orElseGet(() -> findOrMake(transaction, handle, identity, actor));
            User user = handle.createQuery("""
                            UPDATE users SET email = :email, name = CASE WHEN name_chosen THEN name ELSE :name END,
                                   avatar_url = :avatar, last_login_at = :now, updated_at = :now
                             WHERE id = :id AND deleted_at IS NULL RETURNING *""")
                    .bind("id", id.value())
                    .bind("email", identity.email())
                    .bind("name", identity.name().isBlank() ? identity.email() : identity.name())
                    .bind("avatar", identity.avatarUrl())
                    .bind("now", clock.instant().atOffset(ZoneOffset.UTC))
                    .map((rows, context) -> user(rows))
                    .findOne()
                    .orElseThrow(() -> new StreamException(DirectoryError.USER_UNKNOWN, "the user was deleted"));
            if (user.disabledAt() != null) {
                throw new StreamException(
                        DirectoryError.USER_DISABLED, "your account is disabled; ask your administrator");
            }
            audit.append(
                    transaction, AuditEvent.of(AuditTrail.SYSTEM, AuditType.USER_LOGIN, as(user, actor), "user", id));
            return user;
        });
    }

    private UserId findOrMake(Connection transaction, Handle handle, Identity identity, Actor actor) {
        // Two first sign-ins at once: the second waits here and then finds what the first made.
        handle.createQuery("SELECT pg_advisory_xact_lock(hashtextextended(:issuer || ' ' || :subject, 0))::text")
                .bind("issuer", identity.issuer())
                .bind("subject", identity.subject())
                .mapTo(String.class)
                .one();
        Optional<UserId> found = find(handle, identity);
        if (found.isPresent()) {
            return found.get();
        }
        UserId id = UserId.next();
        handle.createUpdate("INSERT INTO users (id, email, name) VALUES (:id, :email, :email)")
                .bind("id", id.value())
                .bind("email", identity.email())
                .execute();
        handle.createUpdate("INSERT INTO identities (issuer, subject, user_id) VALUES (:issuer, :subject, :id)")
                .bind("issuer", identity.issuer())
                .bind("subject", identity.subject())
                .bind("id", id.value())
                .execute();
        audit.append(
                transaction,
                AuditEvent.of(AuditTrail.SYSTEM, AuditType.USER_CREATED, actor, "user", id)
                        .with("issuer", identity.issuer()));
        return id;
    }

    private static Optional<UserId> find(Handle handle, Identity identity) {
        return handle.createQuery("SELECT user_id FROM identities WHERE issuer = :issuer AND subject = :subject")
                .bind("issuer", identity.issuer())
                .bind("subject", identity.subject())
                .map((rows, context) -> new UserId(rows.getObject(1, UUID.class)))
                .findOne();
    }

    Optional<User> user(UserId user) {
        return store
                .select(
                        "SELECT * FROM users WHERE id = ? AND deleted_at IS NULL AND disabled_at IS NULL",
                        List.of(user.value()),
                        Users::user)
                .stream()
                .findFirst();
    }

    List<User> users(String email) {
        return store.global(transaction -> Handles.open(transaction)
                .createQuery("""
                        SELECT * FROM users WHERE lower(email) = lower(:email) AND deleted_at IS NULL
                         ORDER BY created_at, id LIMIT 100""")
                .bind("email", email)
                .map((rows, context) -> user(rows))
                .list());
    }

    User disable(UserId user, Actor actor) {
        return change(user, AuditType.USER_DISABLED, clock.instant(), actor);
    }

    User enable(UserId user, Actor actor) {
        return change(user, AuditType.USER_ENABLED, null, actor);
    }

    private User change(UserId id, AuditType type, @Nullable Instant disabledAt, Actor actor) {
        return store.within(AuditTrail.SYSTEM, transaction -> {
            Handle handle = Handles.open(transaction);
            User before = handle.createQuery(
                            "SELECT * FROM users WHERE id = :id AND deleted_at IS NULL FOR NO KEY UPDATE")
                    .bind("id", id.value())
                    .map((rows, context) -> user(rows))
                    .findOne()
                    .orElseThrow(() -> new StreamException(DirectoryError.USER_UNKNOWN, "no user " + id));
            if ((before.disabledAt() == null) == (disabledAt == null)) {
                return before;
            }
            if (disabledAt != null) {
                requireOtherAdmins(handle, id);
            }
            OffsetDateTime at = disabledAt == null ? null : disabledAt.atOffset(ZoneOffset.UTC);
            User changed = handle.createQuery("""
                            UPDATE users SET disabled_at = CAST(:at AS timestamptz), updated_at = :now WHERE id = :id RETURNING *""")
                    .bind("id", id.value())
                    .bind("at", at)
                    .bind("now", clock.instant().atOffset(ZoneOffset.UTC))
                    .map((rows, context) -> user(rows))
                    .one();
            audit.append(transaction, AuditEvent.of(AuditTrail.SYSTEM, type, actor, "user", id));
            return changed;
        });
    }

    /** Two statements: the second sees what whoever held the locks before has written. */
    private static void requireOtherAdmins(Handle handle, UserId user) {
        handle.createQuery("SELECT lock_orgs_administered_by(:user)::text")
                .bind("user", user.value())
                .mapTo(String.class)
                .list();
        List<String> left = handle.createQuery(
                        "SELECT org_slug || ' (' || org_id || ')' FROM orgs_with_no_admin_but(:user)")
                .bind("user", user.value())
                .mapTo(String.class)
                .list();
        if (!left.isEmpty()) {
            throw new StreamException(
                    DirectoryError.LAST_ADMIN,
                    "user " + user + " is the only admin of "
                            + String.join(", ", left.subList(0, Math.min(5, left.size())))
                            + (left.size() > 5 ? " and " + (left.size() - 5) + " more" : ""));
        }
    }

    Set<UserId> disabled(Set<UserId> users) {
        if (users.isEmpty()) {
            return Set.of();
        }
        return store.global(transaction -> Set.copyOf(Handles.open(transaction)
                .createQuery(
                        "SELECT id FROM users WHERE id = ANY(:users) AND disabled_at IS NOT NULL AND deleted_at IS NULL")
                .bindArray("users", UUID.class, (Object[])
                        users.stream().map(UserId::value).toArray(UUID[]::new))
                .map((rows, context) -> new UserId(rows.getObject(1, UUID.class)))
                .list()));
    }

    List<Membership> memberships(UserId user) {
        return store
                .select("SELECT * FROM memberships_of(?)", List.of(user.value()), rows -> readable(rows, user))
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    Map<UserId, List<Membership>> memberships(Set<UserId> users) {
        if (users.isEmpty()) {
            return Map.of();
        }
        UUID[] ids = users.stream().map(UserId::value).toArray(UUID[]::new);
        Map<UserId, List<Membership>> found = new HashMap<>();
        for (Found each :
                store.select("SELECT * FROM memberships_of_users(?)", Collections.singletonList(ids), this::found)) {
            List<Membership> own = found.computeIfAbsent(each.user(), id -> new ArrayList<>());
            if (each.membership() != null) {
                own.add(each.membership());
            }
        }
        return found;
    }

    /** One of a user's memberships, or that there is none. */
    private record Found(UserId user, @Nullable Membership membership) {}

    private Found found(ResultSet rows) throws SQLException {
        UserId user = new UserId(rows.getObject("user_id", UUID.class));
        return new Found(
                user,
                rows.getObject("org_id") == null ? null : readable(rows, user).orElse(null));
    }

    /** One that can't be read gives no rights, and takes none from others. */
    private Optional<Membership> readable(ResultSet rows, UserId user) throws SQLException {
        return members.read(rows, "org_id", row -> membership(row, user));
    }

    private static Membership membership(ResultSet rows, UserId user) throws SQLException {
        return new Membership(
                new OrgId(rows.getObject("org_id", UUID.class)),
                rows.getString("org_name"),
                rows.getString("org_slug"),
                user,
                Role.valueOf(rows.getString("role")),
                rows.getObject("joined_at", OffsetDateTime.class).toInstant());
    }

    private static void requireUsable(Identity identity) {
        boolean usable = identity.emailVerified()
                && identity.email().contains("@")
                && identity.email().length() <= 320
                && !identity.issuer().isBlank()
                && identity.issuer().length() <= 512
                && !identity.subject().isBlank()
                && identity.subject().length() <= 255
                && identity.name().length() <= 255;
        if (!usable) {
            throw new StreamException(
                    DirectoryError.IDENTITY_REFUSED,
                    "the identity needs an issuer, a subject and a verified e-mail address; verified is "
                            + identity.emailVerified());
        }
    }

    private static Actor as(User user, Actor actor) {
        return new Actor(Actor.Kind.USER, user.id().value(), user.email(), actor.address(), actor.agent());
    }

    static User user(ResultSet rows) throws SQLException {
        return new User(
                new UserId(rows.getObject("id", UUID.class)),
                rows.getString("email"),
                rows.getString("name"),
                rows.getString("avatar_url"),
                Json.texts(rows.getString("preferences")),
                rows.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(rows, "last_login_at"),
                instant(rows, "disabled_at"));
    }

    private static @Nullable Instant instant(ResultSet rows, String column) throws SQLException {
        OffsetDateTime value = rows.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
