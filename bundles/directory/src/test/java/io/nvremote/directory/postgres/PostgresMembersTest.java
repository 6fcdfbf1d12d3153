// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.audit.AuditQuery;
import io.nvremote.audit.AuditRecord;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.postgres.AuditSchema;
import io.nvremote.audit.postgres.PostgresAudit;
import io.nvremote.core.Actor;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Identity;
import io.nvremote.directory.Invitation;
import io.nvremote.directory.Member;
import io.nvremote.directory.Members;
import io.nvremote.directory.Role;
import io.nvremote.directory.User;
import io.nvremote.store.postgres.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TestDatabase.Once.class)
@TestDatabase.With({DirectorySchema.class, AuditSchema.class})
class PostgresMembersTest {

    private static final Duration WEEK = Duration.ofDays(7);

    private final TestClock clock = new TestClock();
    private final AuditTrail audit;
    private final Directory directory;
    private final Members members;
    private User admin;
    private OrgId org;

    PostgresMembersTest(TestDatabase database) {
        audit = new PostgresAudit(database.store(), clock);
        directory = new PostgresDirectory(database.store(), audit, clock);
        members = new PostgresMembers(database.store(), audit, clock);
    }

    @BeforeEach
    void begin() {
        admin = person("admin");
        org = orgOf(admin);
    }

    private static void any(Member now) {
        assertThat(now.email()).contains("@");
    }

    private OrgId orgOf(User creator) {
        String slug = "o-" + UUID.randomUUID().toString().substring(0, 8);
        return directory
                .createOrg(creator.id(), "An organisation", slug, Actor.SYSTEM)
                .id();
    }

    private User person(String name) {
        return withAddress(name + "-" + UUID.randomUUID() + "@example.org");
    }

    private User withAddress(String email) {
        return directory.signIn(
                new Identity("https://issuer.example", UUID.randomUUID().toString(), email, true, "N", null),
                Actor.SYSTEM);
    }

    private Actor as(User user) {
        return Actor.user(user.id(), null, null);
    }

    private Invitation invited(String email, Role role) {
        return members.invite(org, email, role, WEEK, as(admin));
    }

    private User joined(Role role) {
        User user = person("member");
        members.accept(user.id(), invited(user.email(), role).id(), as(user));
        return user;
    }

    private static void refused(ErrorCode code, Callable<?> call) {
        assertThatThrownBy(call::call).isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    private static void refused(ErrorCode code, Runnable call) {
        refused(code, Executors.callable(call));
    }

    private List<String> events() {
        List<String> names = new ArrayList<>();
        for (AuditRecord each : audit.read(
                org,
                AuditQuery.of(
                        clock.instant().minus(Duration.ofDays(90)),
                        clock.instant().plus(Duration.ofDays(1))))) {
            names.add(each.event().type().name());
        }
        return names;
    }

    @Test
    void who_signs_in_with_the_invited_address_becomes_a_member_once() {
        String address = "Anna-" + UUID.randomUUID() + "@Example.org";
        Invitation invitation = invited("  " + address + " ", Role.GUEST);
        assertThat(invitation.email()).isEqualTo(address.toLowerCase(Locale.ROOT));
        User anna = withAddress(address.toUpperCase(Locale.ROOT));
        User other = person("other");

        assertThat(members.invitations(org, null, 10)).containsExactly(invitation);
        assertThat(members.invitationsOf(anna.id())).containsExactly(invitation);
        assertThat(members.invitationsOf(other.id())).isEmpty();
        refused(DirectoryError.INVITATION_UNKNOWN, () -> members.accept(other.id(), invitation.id(), as(other)));
        refused(DirectoryError.INVITATION_UNKNOWN, () -> members.decline(other.id(), invitation.id(), as(other)));

        assertThat(members.accept(anna.id(), invitation.id(), as(anna)).role()).isEqualTo(Role.GUEST);
        assertThat(directory.role(anna.id(), org)).contains(Role.GUEST);
        refused(DirectoryError.INVITATION_UNKNOWN, () -> members.accept(anna.id(), invitation.id(), as(anna)));
        assertThat(members.invitations(org, null, 10)).isEmpty();
        refused(DirectoryError.ALREADY_MEMBER, () -> invited(address, Role.ADMIN));
        assertThat(events()).containsExactly("ORG_CREATED", "MEMBER_INVITED", "MEMBER_JOINED");
    }

    @Test
    void who_has_another_address_by_now_is_not_the_invited_one() {
        String subject = UUID.randomUUID().toString();
        Identity before = new Identity("https://issuer.example", subject, subject + "@a.example", true, "N", null);
        User user = directory.signIn(before, Actor.SYSTEM);
        Invitation invitation = invited(user.email(), Role.MEMBER);
        directory.signIn(
                new Identity("https://issuer.example", subject, subject + "@b.example", true, "N", null), Actor.SYSTEM);
        refused(DirectoryError.INVITATION_UNKNOWN, () -> members.accept(user.id(), invitation.id(), as(user)));
    }

    @Test
    void an_invitation_ends_in_each_of_its_ways_for_good() {
        User user = person("invited");
        Invitation replaced = invited(user.email(), Role.ADMIN);
        Invitation revoked = invited(user.email(), Role.MEMBER);
        refused(DirectoryError.INVITATION_UNKNOWN, () -> members.accept(user.id(), replaced.id(), as(user)));
        members.revoke(org, revoked.id(), as(admin));
        refused(DirectoryError.INVITATION_UNKNOWN, () -> members.accept(user.id(), revoked.id(), as(user)));
        refused(DirectoryError.INVITATION_UNKNOWN, () -> members.revoke(org, revoked.id(), as(admin)));
        Invitation declined = invited(user.email(), Role.MEMBER);
        members.decline(user.id(), declined.id(), as(user));
        refused(DirectoryError.INVITATION_UNKNOWN, () -> members.accept(user.id(), declined.id(), as(user)));
        Invitation expired = invited(user.email(), Role.MEMBER);
        clock.advance(WEEK);
        assertThat(members.invitationsOf(user.id())).isEmpty();
        assertThat(members.invitations(org, null, 10)).isEmpty();
        refused(DirectoryError.INVITATION_UNKNOWN, () -> members.accept(user.id(), expired.id(), as(user)));
        refused(DirectoryError.INVITATION_UNKNOWN, () -> members.revoke(org, expired.id(), as(admin)));
        members.accept(user.id(), invited(user.email(), Role.MEMBER).id(), as(user));
        assertThat(directory.role(user.id(), org)).contains(Role.MEMBER);
    }

    @Test
    void of_another_organisation_nothing_is_seen_or_changed() {
        User user = joined(Role.MEMBER);
        Invitation invitation = invited(person("x").email(), Role.MEMBER);
        OrgId other = orgOf(admin);
        assertThat(members.members(other, null, 10)).extracting(Member::user).containsExactly(admin.id());
        assertThat(members.member(other, user.id())).isEmpty();
        assertThat(members.invitations(other, null, 10)).isEmpty();
        refused(DirectoryError.INVITATION_UNKNOWN, () -> members.revoke(other, invitation.id(), as(admin)));
        refused(
                DirectoryError.MEMBER_UNKNOWN,
                () -> members.remove(other, user.id(), PostgresMembersTest::any, as(admin)));
        refused(
                DirectoryError.MEMBER_UNKNOWN,
                () -> members.changeRole(other, user.id(), Role.ADMIN, PostgresMembersTest::any, as(admin)));
        assertThat(directory.role(user.id(), org)).contains(Role.MEMBER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "anna",
                "@example.org",
                "anna@",
                "a@b@c",
                "a b@example.org",
                "a\u0000@example.org",
                "a\u202e@example.org"
            })
    void what_is_no_address_is_refused(String text) {
        refused(DirectoryError.EMAIL_REFUSED, () -> invited(text, Role.MEMBER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT59S", "P31D", "PT0S", "-PT1H"})
    void how_long_an_invitation_lives_has_limits(String life) {
        refused(
                DirectoryError.INVITATION_LIFE_REFUSED,
                () -> members.invite(org, "a@example.org", Role.MEMBER, Duration.parse(life), as(admin)));
    }

    @Test
    void members_come_in_parts() {
        List<UserId> all = new ArrayList<>(List.of(admin.id()));
        for (int i = 0; i < 4; i++) {
            all.add(joined(Role.MEMBER).id());
        }
        List<UserId> found = new ArrayList<>();
        List<Member> part = members.members(org, null, 2);
        while (!part.isEmpty()) {
            part.forEach(member -> found.add(member.user()));
            part = members.members(org, found.getLast(), 2);
        }
        assertThat(found).containsExactlyElementsOf(all);
    }

    @Test
    void an_organisation_keeps_an_admin_who_can_sign_in() {
        User second = joined(Role.ADMIN);
        members.changeRole(org, second.id(), Role.MEMBER, PostgresMembersTest::any, as(admin));
        refused(
                DirectoryError.LAST_ADMIN,
                () -> members.changeRole(org, admin.id(), Role.MEMBER, PostgresMembersTest::any, as(admin)));
        refused(DirectoryError.LAST_ADMIN, () -> members.remove(org, admin.id(), PostgresMembersTest::any, as(admin)));
        members.changeRole(org, second.id(), Role.ADMIN, PostgresMembersTest::any, as(admin));
        directory.disable(second.id(), Actor.SYSTEM);
        refused(DirectoryError.LAST_ADMIN, () -> members.remove(org, admin.id(), PostgresMembersTest::any, as(admin)));
        directory.enable(second.id(), Actor.SYSTEM);
        members.remove(org, admin.id(), PostgresMembersTest::any, as(admin));
        assertThat(directory.role(admin.id(), org)).isEmpty();
        assertThat(events())
                .containsSubsequence("MEMBER_JOINED", "MEMBER_ROLE_CHANGED", "MEMBER_ROLE_CHANGED", "MEMBER_REMOVED");
    }

    @Test
    void two_admins_who_remove_each_other_at_once_leave_one() throws Exception {
        for (int round = 0; round < 10; round++) {
            User second = joined(Role.ADMIN);
            UserId first = members.members(org, null, 10).stream()
                    .filter(member ->
                            member.role() == Role.ADMIN && !member.user().equals(second.id()))
                    .findFirst()
                    .orElseThrow()
                    .user();
            List<Boolean> won = atOnce(Stream.<Runnable>of(
                            () -> members.remove(org, first, PostgresMembersTest::any, as(admin)),
                            () -> members.remove(org, second.id(), PostgresMembersTest::any, as(admin)))
                    .toList());
            assertThat(won).containsExactlyInAnyOrder(true, false);
        }
    }

    @Test
    void of_many_who_accept_at_once_one_does() throws Exception {
        User user = person("quick");
        Invitation invitation = invited(user.email(), Role.MEMBER);
        List<Boolean> won = atOnce(java.util.Collections.nCopies(
                8, (Runnable) () -> members.accept(user.id(), invitation.id(), as(user))));
        assertThat(won).containsOnlyOnce(true);
        assertThat(events()).containsOnlyOnce("MEMBER_JOINED");
    }

    private static List<Boolean> atOnce(List<Runnable> calls) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<Boolean> won = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (Runnable call : calls) {
                running.add(threads.submit(() -> {
                    go.await();
                    call.run();
                    return null;
                }));
            }
            go.countDown();
            for (Future<?> each : running) {
                try {
                    each.get();
                    won.add(true);
                } catch (ExecutionException e) {
                    assertThat(e.getCause()).isInstanceOf(StreamException.class);
                    won.add(false);
                }
            }
        }
        return won;
    }

    @Test
    void who_expected_something_else_changes_nothing() {
        User user = joined(Role.MEMBER);
        Consumer<Member> stale = now -> {
            assertThat(now.role()).isEqualTo(Role.MEMBER);
            throw new StreamException(DirectoryError.HOST_UNKNOWN, "stale");
        };
        List<String> before = events();
        refused(DirectoryError.HOST_UNKNOWN, () -> members.changeRole(org, user.id(), Role.ADMIN, stale, as(admin)));
        refused(DirectoryError.HOST_UNKNOWN, () -> members.remove(org, user.id(), stale, as(admin)));
        refused(
                DirectoryError.HOST_UNKNOWN,
                () -> directory.updateOrg(
                        org,
                        "Other",
                        "other",
                        now -> {
                            throw new StreamException(DirectoryError.HOST_UNKNOWN, "stale");
                        },
                        as(admin)));
        assertThat(directory.role(user.id(), org)).contains(Role.MEMBER);
        assertThat(directory.org(org).orElseThrow().name()).isEqualTo("An organisation");
        assertThat(events()).isEqualTo(before);
    }

    @Test
    void an_organisation_gets_another_name_and_a_slug_that_nobody_has() {
        String taken = directory.org(orgOf(person("other"))).orElseThrow().slug();
        refused(DirectoryError.SLUG_TAKEN, () -> directory.updateOrg(org, "New", taken, now -> {}, as(admin)));
        refused(DirectoryError.SLUG_REFUSED, () -> directory.updateOrg(org, "New", "Not a slug", now -> {}, as(admin)));
        refused(DirectoryError.NAME_REFUSED, () -> directory.updateOrg(org, " ", "fine", now -> {}, as(admin)));
        String slug = "n-" + UUID.randomUUID();
        assertThat(directory
                        .updateOrg(org, "Né \uD83D\uDC69\u200D\uD83D\uDCBB", slug, now -> {}, as(admin))
                        .slug())
                .isEqualTo(slug);
        assertThat(directory.org(org).orElseThrow().name()).isEqualTo("Né \uD83D\uDC69\u200D\uD83D\uDCBB");
        directory.updateOrg(org, "Né \uD83D\uDC69\u200D\uD83D\uDCBB", slug, now -> {}, as(admin));
        assertThat(events()).containsExactly("ORG_CREATED", "ORG_UPDATED");
    }
}
