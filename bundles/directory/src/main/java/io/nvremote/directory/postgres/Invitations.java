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
import io.nvremote.core.UuidV7;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Invitation;
import io.nvremote.directory.Member;
import io.nvremote.directory.Members;
import io.nvremote.directory.Org;
import io.nvremote.directory.Role;
import io.nvremote.lib.jdbi.Handles;
import io.nvremote.store.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Invitations, from the admin who sends them to whoever signs in with the address. */
final class Invitations {

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    /** What an address surely has; the identity provider decides on the rest. */
    private static final Pattern EMAIL = Pattern.compile("[^\\s\\p{C}@]{1,64}@[^\\s\\p{C}@]{1,255}");

    private static final String OPEN = """
            SELECT i.id, i.org_id, o.name AS org_name, i.email, i.role, i.invited_by, i.created_at, i.expires_at
              FROM invitations i JOIN orgs o ON o.id = i.org_id
             WHERE i.org_id = ? AND i.state = 'OPEN' AND o.deleted_at IS NULL AND i.expires_at > ? AND i.id > ? ORDER BY i.id LIMIT ?""";

    private final Store store;
    private final AuditTrail audit;
    private final Clock clock;

    Invitations(Store store, AuditTrail audit, Clock clock) {
        this.store = store;
        this.audit = audit;
        this.clock = clock;
    }

    private static StreamException unknown(UUID invitation) {
        return new StreamException(DirectoryError.INVITATION_UNKNOWN, "no open invitation " + invitation);
    }

    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    Invitation invite(OrgId org, String address, Role role, Duration life, Actor actor) {
        String email = address.strip().toLowerCase(Locale.ROOT);
        if (!EMAIL.matcher(email).matches()) {
            throw new StreamException(
                    DirectoryError.EMAIL_REFUSED, "no e-mail address: " + address.length() + " characters");
        }
        if (life.compareTo(SHORTEST) < 0 || life.compareTo(Members.LONGEST_INVITATION) > 0) {
            throw new StreamException(DirectoryError.INVITATION_LIFE_REFUSED, "an invitation can't live for " + life);
        }
        return store.within(org, transaction -> {
            Handle handle = Handles.open(transaction);
            Org found = Orgs.locked(handle, org);
            refuseMember(handle, org, email);
            end(handle, "REPLACED", org, null, email, true, actor);
            OffsetDateTime now = now();
            Invitation fresh = new Invitation(
                    UuidV7.next(),
                    org,
                    found.name(),
                    email,
                    role,
                    by(actor),
                    now.toInstant(),
                    now.plus(life).toInstant());
            insert(handle, fresh);
            audit.append(
                    transaction,
                    AuditEvent.of(org, AuditType.MEMBER_INVITED, actor, "invitation", fresh.id())
                            .with("email", email)
                            .with("role", role.name()));
            return fresh;
        });
    }

    private static void insert(Handle handle, Invitation fresh) {
        UserId by = fresh.by();
        handle.createUpdate("""
                        INSERT INTO invitations (org_id, id, email, role, invited_by, created_at, expires_at)
                        VALUES (:org, :id, :email, :role, CAST(:by AS uuid), :now, :until)""")
                .bind("org", fresh.org().value())
                .bind("id", fresh.id())
                .bind("email", fresh.email())
                .bind("role", fresh.role().name())
                .bind("by", by == null ? null : by.value())
                .bind("now", fresh.createdAt().atOffset(ZoneOffset.UTC))
                .bind("until", fresh.expiresAt().atOffset(ZoneOffset.UTC))
                .execute();
    }

    private static void refuseMember(Handle handle, OrgId org, String email) {
        boolean member = handle.createQuery("""
                        SELECT EXISTS (SELECT 1 FROM org_members m JOIN users u ON u.id = m.user_id
                         WHERE m.org_id = :org AND lower(u.email) = :email AND u.deleted_at IS NULL)""")
                .bind("org", org.value())
                .bind("email", email)
                .mapTo(Boolean.class)
                .one();
        if (member) {
            throw new StreamException(DirectoryError.ALREADY_MEMBER, email + " is a member already");
        }
    }

    List<Invitation> open(OrgId org, UUID after, int limit) {
        return store.select(org, OPEN, List.of(org.value(), now(), after, limit), Invitations::invitation);
    }

    List<Invitation> of(UserId user) {
        return store.select(
                "SELECT * FROM invitations_of(?, ?)", List.of(user.value(), now()), Invitations::invitation);
    }

    void revoke(OrgId org, UUID id, Actor actor) {
        store.within(org, transaction -> {
            Handle handle = Handles.open(transaction);
            if (end(handle, "REVOKED", org, id, null, false, actor) == 0) {
                throw unknown(id);
            }
            audit.append(transaction, AuditEvent.of(org, AuditType.INVITATION_REVOKED, actor, "invitation", id));
            return true;
        });
    }

    Member accept(UserId user, UUID id, Actor actor) {
        Invitation mine = mine(user, id);
        return store.within(mine.org(), transaction -> {
            Handle handle = Handles.open(transaction);
            Orgs.locked(handle, mine.org());
            take(handle, "ACCEPTED", mine, actor);
            handle.createUpdate("""
                            INSERT INTO org_members (org_id, user_id, role, invited_by, joined_at, updated_at)
                            VALUES (:org, :user, :role, CAST(:by AS uuid), :now, :now) ON CONFLICT (org_id, user_id) DO NOTHING""")
                    .bind("org", mine.org().value())
                    .bind("user", user.value())
                    .bind("role", mine.role().name())
                    .bind("by", mine.by() == null ? null : mine.by().value())
                    .bind("now", now())
                    .execute();
            audit.append(
                    transaction,
                    AuditEvent.of(mine.org(), AuditType.MEMBER_JOINED, actor, "user", user)
                            .with("role", mine.role().name())
                            .with("invitation", id.toString()));
            return PostgresMembers.read(handle, mine.org(), user).orElseThrow();
        });
    }

    void decline(UserId user, UUID id, Actor actor) {
        Invitation mine = mine(user, id);
        store.within(mine.org(), transaction -> {
            take(Handles.open(transaction), "DECLINED", mine, actor);
            audit.append(
                    transaction, AuditEvent.of(mine.org(), AuditType.INVITATION_DECLINED, actor, "invitation", id));
            return true;
        });
    }

    /** By the address that the user showed, never by the id alone. */
    private Invitation mine(UserId user, UUID id) {
        return of(user).stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> unknown(id));
    }

    /** Of any number who answer at once one finds it open. */
    private void take(Handle handle, String state, Invitation mine, Actor actor) {
        if (end(handle, state, mine.org(), mine.id(), mine.email(), false, actor) == 0) {
            throw unknown(mine.id());
        }
    }

    /**
     * @param id only this one; null: any
     * @param email only of this address; null: any
     * @param expired those that expired too
     */
    private int end(
            Handle handle,
            String state,
            OrgId org,
            @Nullable UUID id,
            @Nullable String email,
            boolean expired,
            Actor actor) {
        UserId by = by(actor);
        return handle.createUpdate("""
                        UPDATE invitations SET state = :state, ended_at = :now, ended_by = CAST(:by AS uuid)
                         WHERE state = 'OPEN' AND org_id = :org AND id = COALESCE(CAST(:id AS uuid), id)
                           AND email = COALESCE(CAST(:email AS varchar), email) AND (expires_at > :now OR :expired)""")
                .bind("state", state)
                .bind("now", now())
                .bind("by", by == null ? null : by.value())
                .bind("org", org.value())
                .bind("id", id)
                .bind("email", email)
                .bind("expired", expired)
                .execute();
    }

    private static @Nullable UserId by(Actor actor) {
        return actor.kind() == Actor.Kind.USER && actor.id() != null ? new UserId(actor.id()) : null;
    }

    private static Invitation invitation(ResultSet rows) throws SQLException {
        UUID by = rows.getObject("invited_by", UUID.class);
        return new Invitation(
                rows.getObject("id", UUID.class),
                new OrgId(rows.getObject("org_id", UUID.class)),
                rows.getString("org_name"),
                rows.getString("email"),
                Role.valueOf(rows.getString("role")),
                by == null ? null : new UserId(by),
                instant(rows, "created_at"),
                instant(rows, "expires_at"));
    }

    private static Instant instant(ResultSet rows, String column) throws SQLException {
        return rows.getObject(column, OffsetDateTime.class).toInstant();
    }
}
