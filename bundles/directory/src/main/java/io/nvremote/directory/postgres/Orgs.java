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
import io.nvremote.directory.Membership;
import io.nvremote.directory.Org;
import io.nvremote.directory.Role;
import io.nvremote.lib.jdbi.Handles;
import io.nvremote.store.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** Organisations and their members. */
final class Orgs {

    private static final String UNIQUE_VIOLATION = "23505";

    private final Store store;
    private final AuditTrail audit;
    private final Clock clock;

    Orgs(Store store, AuditTrail audit, Clock clock) {
        this.store = store;
        this.audit = audit;
        this.clock = clock;
    }

    Org create(UserId creator, String name, String slug, Actor actor) {
        String clean = NameRules.name("an organisation's name", name);
        requireSlug(slug);
        OrgId id = OrgId.next();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return store.within(id, transaction -> {
            Handle handle = Handles.open(transaction);
            requireUser(handle, creator);
            int made = handle.createUpdate("""
                            INSERT INTO orgs (id, name, slug, created_at, updated_at) VALUES (:id, :name, :slug, :now, :now)
                            ON CONFLICT (slug) DO NOTHING""")
                    .bind("id", id.value())
                    .bind("name", clean)
                    .bind("slug", slug)
                    .bind("now", now.atOffset(ZoneOffset.UTC))
                    .execute();
            if (made == 0) {
                throw new StreamException(DirectoryError.SLUG_TAKEN, "the slug is taken: " + slug);
            }
            put(handle, id, creator, Role.ADMIN, actor);
            audit.append(
                    transaction,
                    AuditEvent.of(id, AuditType.ORG_CREATED, actor, "org", id).with("slug", slug));
            return new Org(id, clean, slug, now);
        });
    }

    private static void requireSlug(String slug) {
        if (!NameRules.SLUG.matcher(slug).matches()) {
            throw new StreamException(
                    DirectoryError.SLUG_REFUSED,
                    "the slug must match " + NameRules.SLUG + ": " + slug.length() + " characters");
        }
    }

    Org update(OrgId id, String name, String slug, Consumer<Org> expected, Actor actor) {
        String clean = NameRules.name("an organisation's name", name);
        requireSlug(slug);
        return store.within(id, transaction -> {
            Handle handle = Handles.open(transaction);
            Org before = locked(handle, id);
            expected.accept(before);
            Org next = new Org(id, clean, slug, before.createdAt());
            if (next.equals(before)) {
                return before;
            }
            try { // Row-level security hides who has the slug; only the index knows.
                handle.createUpdate("UPDATE orgs SET name = :name, slug = :slug, updated_at = :now WHERE id = :org")
                        .bind("org", id.value())
                        .bind("name", clean)
                        .bind("slug", slug)
                        .bind("now", clock.instant().atOffset(ZoneOffset.UTC))
                        .execute();
            } catch (UnableToExecuteStatementException e) {
                if (e.getCause() instanceof SQLException failed && UNIQUE_VIOLATION.equals(failed.getSQLState())) {
                    throw new StreamException(DirectoryError.SLUG_TAKEN, "the slug is taken: " + slug, e);
                }
                throw e;
            }
            audit.append(
                    transaction,
                    AuditEvent.of(id, AuditType.ORG_UPDATED, actor, "org", id)
                            .with("name", clean)
                            .with("slug", slug));
            return next;
        });
    }

    Optional<Org> org(OrgId org) {
        return store
                .select(org, "SELECT * FROM orgs WHERE id = ? AND deleted_at IS NULL", List.of(org.value()), Orgs::org)
                .stream()
                .findFirst();
    }

    Optional<Role> role(UserId user, OrgId org) {
        return store
                .select(
                        org,
                        "SELECT role FROM living_members WHERE org_id = ? AND user_id = ?",
                        List.of(org.value(), user.value()),
                        rows -> Role.valueOf(rows.getString(1)))
                .stream()
                .findFirst();
    }

    Membership assign(OrgId org, UserId user, Role role, Actor actor) {
        return store.within(org, transaction -> {
            Handle handle = Handles.open(transaction);
            Org found = locked(handle, org);
            requireUser(handle, user);
            boolean known = put(handle, org, user, role, actor);
            requireAdmin(handle, org);
            AuditType type = known ? AuditType.MEMBER_ROLE_CHANGED : AuditType.MEMBER_INVITED;
            audit.append(
                    transaction, AuditEvent.of(org, type, actor, "user", user).with("role", role.name()));
            return handle.createQuery("SELECT joined_at FROM org_members WHERE org_id = :org AND user_id = :user")
                    .bind("org", org.value())
                    .bind("user", user.value())
                    .map((rows, context) -> new Membership(
                            org,
                            found.name(),
                            found.slug(),
                            user,
                            role,
                            rows.getObject(1, OffsetDateTime.class).toInstant()))
                    .one();
        });
    }

    /** The organisation, with one change of its members at a time: two admins who demote each other at once must not both succeed. */
    static Org locked(Handle handle, OrgId org) {
        handle.createQuery("SELECT id::text FROM orgs WHERE id = :org FOR NO KEY UPDATE")
                .bind("org", org.value())
                .mapTo(String.class)
                .findOne();
        return handle.createQuery("SELECT * FROM orgs WHERE id = :org AND deleted_at IS NULL")
                .bind("org", org.value())
                .map((rows, context) -> org(rows))
                .findOne()
                .orElseThrow(() -> new StreamException(DirectoryError.ORG_UNKNOWN, "no organisation " + org));
    }

    /** After a change, and before it counts. */
    static void requireAdmin(Handle handle, OrgId org) {
        int admins = handle.createQuery("SELECT count(*) FROM living_members WHERE org_id = :org AND role = 'ADMIN'")
                .bind("org", org.value())
                .mapTo(Integer.class)
                .one();
        if (admins == 0) {
            throw new StreamException(DirectoryError.LAST_ADMIN, "the organisation would be left without an admin");
        }
    }

    /** Returns whether the user was a member before. */
    private boolean put(Handle handle, OrgId org, UserId user, Role role, Actor actor) {
        UUID by = actor.kind() == Actor.Kind.USER ? actor.id() : null;
        return handle.createQuery("""
                        INSERT INTO org_members (org_id, user_id, role, invited_by, joined_at, updated_at)
                        VALUES (:org, :user, :role, CAST(:by AS uuid), :now, :now)
                        ON CONFLICT (org_id, user_id) DO UPDATE SET role = EXCLUDED.role, updated_at = EXCLUDED.updated_at
                        RETURNING joined_at < updated_at""")
                .bind("org", org.value())
                .bind("user", user.value())
                .bind("role", role.name())
                .bind("by", by)
                .bind("now", clock.instant().atOffset(ZoneOffset.UTC))
                .mapTo(Boolean.class)
                .one();
    }

    private static Org org(ResultSet rows) throws SQLException {
        return new Org(
                new OrgId(rows.getObject("id", UUID.class)),
                rows.getString("name"),
                rows.getString("slug"),
                rows.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    private static void requireUser(Handle handle, UserId user) {
        boolean disabled = handle.createQuery(
                        "SELECT disabled_at IS NOT NULL FROM users WHERE id = :user AND deleted_at IS NULL FOR KEY SHARE")
                .bind("user", user.value())
                .mapTo(Boolean.class)
                .findOne()
                .orElseThrow(() -> new StreamException(DirectoryError.USER_UNKNOWN, "no user " + user));
        if (disabled) {
            throw new StreamException(DirectoryError.USER_DISABLED, "user " + user + " is disabled");
        }
    }
}
