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
import io.nvremote.directory.Invitation;
import io.nvremote.directory.Member;
import io.nvremote.directory.Members;
import io.nvremote.directory.Role;
import io.nvremote.lib.jdbi.Handles;
import io.nvremote.store.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Members in PostgreSQL; {@link Invitations} makes new ones. */
@Component
public final class PostgresMembers implements Members {

    private static final String COLUMNS = """
            SELECT m.user_id, u.email, u.name, u.avatar_url, m.role, u.disabled_at IS NOT NULL AS disabled, m.joined_at
              FROM org_members m JOIN users u ON u.id = m.user_id WHERE u.deleted_at IS NULL AND m.org_id = ?""";

    /** Below every id that there is. */
    private static final UUID FIRST = new UUID(0, 0);

    private final Store store;
    private final AuditTrail audit;
    private final Clock clock;
    private final Invitations invitations;

    @Activate
    public PostgresMembers(@Reference Store store, @Reference AuditTrail audit) {
        this(store, audit, Clock.system());
    }

    /** For members with a clock of their own. */
    public PostgresMembers(Store store, AuditTrail audit, Clock clock) {
        this.store = store;
        this.audit = audit;
        this.clock = clock;
        invitations = new Invitations(store, audit, clock);
    }

    @Override
    public List<Member> members(OrgId org, @Nullable UserId after, int limit) {
        return store.select(
                org,
                COLUMNS + " AND m.user_id > ? ORDER BY m.user_id LIMIT ?",
                List.of(org.value(), after == null ? FIRST : after.value(), limit),
                PostgresMembers::member);
    }

    @Override
    public Optional<Member> member(OrgId org, UserId user) {
        return store
                .select(
                        org,
                        COLUMNS + " AND m.user_id = ?",
                        List.of(org.value(), user.value()),
                        PostgresMembers::member)
                .stream()
                .findFirst();
    }

    @Override
    public Member changeRole(OrgId org, UserId user, Role role, Consumer<Member> expected, Actor actor) {
        return store.within(org, transaction -> {
            Handle handle = Handles.open(transaction);
            Member before = expected(handle, org, user, expected);
            if (before.role() == role) {
                return before;
            }
            handle.createUpdate(
                            "UPDATE org_members SET role = :role, updated_at = :now WHERE org_id = :org AND user_id = :user")
                    .bind("org", org.value())
                    .bind("user", user.value())
                    .bind("role", role.name())
                    .bind("now", clock.instant().atOffset(ZoneOffset.UTC))
                    .execute();
            Orgs.requireAdmin(handle, org);
            audit.append(
                    transaction,
                    AuditEvent.of(org, AuditType.MEMBER_ROLE_CHANGED, actor, "user", user)
                            .with("role", role.name())
                            .with("before", before.role().name()));
            return read(handle, org, user).orElseThrow();
        });
    }

    @Override
    public void remove(OrgId org, UserId user, Consumer<Member> expected, Actor actor) {
        store.within(org, transaction -> {
            Handle handle = Handles.open(transaction);
            Member before = expected(handle, org, user, expected);
            handle.createUpdate("DELETE FROM org_members WHERE org_id = :org AND user_id = :user")
                    .bind("org", org.value())
                    .bind("user", user.value())
                    .execute();
            Orgs.requireAdmin(handle, org);
            audit.append(
                    transaction,
                    AuditEvent.of(org, AuditType.MEMBER_REMOVED, actor, "user", user)
                            .with("role", before.role().name()));
            return true;
        });
    }

    private static Member expected(Handle handle, OrgId org, UserId user, Consumer<Member> expected) {
        Orgs.locked(handle, org);
        Member before = read(handle, org, user)
                .orElseThrow(() -> new StreamException(DirectoryError.MEMBER_UNKNOWN, "no member " + user));
        expected.accept(before);
        return before;
    }

    static Optional<Member> read(Handle handle, OrgId org, UserId user) {
        return handle.createQuery(COLUMNS + " AND m.user_id = ?")
                .bind(0, org.value())
                .bind(1, user.value())
                .map((rows, context) -> member(rows))
                .findOne();
    }

    private static Member member(ResultSet rows) throws SQLException {
        return new Member(
                new UserId(rows.getObject("user_id", UUID.class)),
                rows.getString("email"),
                rows.getString("name"),
                rows.getString("avatar_url"),
                Role.valueOf(rows.getString("role")),
                rows.getBoolean("disabled"),
                rows.getObject("joined_at", OffsetDateTime.class).toInstant());
    }

    @Override
    public Invitation invite(OrgId org, String email, Role role, Duration life, Actor actor) {
        return invitations.invite(org, email, role, life, actor);
    }

    @Override
    public List<Invitation> invitations(OrgId org, @Nullable UUID after, int limit) {
        return invitations.open(org, Objects.requireNonNullElse(after, FIRST), limit);
    }

    @Override
    public void revoke(OrgId org, UUID invitation, Actor actor) {
        invitations.revoke(org, invitation, actor);
    }

    @Override
    public List<Invitation> invitationsOf(UserId user) {
        return invitations.of(user);
    }

    @Override
    public Member accept(UserId user, UUID invitation, Actor actor) {
        return invitations.accept(user, invitation, actor);
    }

    @Override
    public void decline(UserId user, UUID invitation, Actor actor) {
        invitations.decline(user, invitation, actor);
    }
}
