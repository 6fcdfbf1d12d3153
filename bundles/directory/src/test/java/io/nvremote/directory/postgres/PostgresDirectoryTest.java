// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.nvremote.audit.AuditQuery;
import io.nvremote.audit.AuditRecord;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.postgres.AuditSchema;
import io.nvremote.audit.postgres.PostgresAudit;
import io.nvremote.core.Actor;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.BootstrapToken;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Enrolled;
import io.nvremote.directory.Enrolment;
import io.nvremote.directory.Enrolment.Standing;
import io.nvremote.directory.Host;
import io.nvremote.directory.HostApplication;
import io.nvremote.directory.HostDescription;
import io.nvremote.directory.HostMetrics;
import io.nvremote.directory.HostPresence;
import io.nvremote.directory.HostStatus;
import io.nvremote.directory.Identity;
import io.nvremote.directory.Membership;
import io.nvremote.directory.Org;
import io.nvremote.directory.Role;
import io.nvremote.directory.User;
import io.nvremote.store.postgres.TestDatabase;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TestDatabase.Once.class)
@TestDatabase.With({DirectorySchema.class, AuditSchema.class})
class PostgresDirectoryTest {

    private final TestDatabase database;
    private final TestClock clock = new TestClock();
    private final AuditTrail audit;
    private final Directory directory;
    private final Enrolment enrolment;
    private final String csr;

    PostgresDirectoryTest(TestDatabase database, @TempDir Path folder) throws Exception {
        this.database = database;
        audit = new PostgresAudit(database.store(), clock);
        directory = new PostgresDirectory(database.store(), audit, clock);
        enrolment = new PostgresEnrolment(
                database.store(), audit, new InternalAuthority(folder, clock), Duration.ofDays(30), clock);
        csr = InternalAuthorityTest.csr(InternalAuthorityTest.keys("EC", 256), "CN=x", "SHA256withECDSA");
    }

    // ---- people ----

    @Test
    void the_same_issuer_and_subject_is_the_same_user_whatever_the_address_says() {
        String subject = UUID.randomUUID().toString();
        User first = directory.signIn(identity(subject, "anna@example.org", true), Actor.SYSTEM);
        User again = directory.signIn(identity(subject, "anna@example.net", true), Actor.SYSTEM);
        User other = directory.signIn(identity(UUID.randomUUID().toString(), "anna@example.net", true), Actor.SYSTEM);

        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.email()).isEqualTo("anna@example.net");
        assertThat(other.id()).as("an address joins nothing").isNotEqualTo(first.id());
        assertThat(directory.user(first.id())).contains(again);
    }

    @Test
    void an_address_that_nobody_verified_is_refused() {
        assertCode(
                DirectoryError.IDENTITY_REFUSED,
                () -> directory.signIn(identity("s", "anna@example.org", false), Actor.SYSTEM));
        assertCode(DirectoryError.IDENTITY_REFUSED, () -> directory.signIn(identity("s", "", true), Actor.SYSTEM));
    }

    @Test
    void first_sign_ins_at_once_make_one_user() throws Exception {
        String subject = UUID.randomUUID().toString();
        List<User> users = all(16, () -> directory.signIn(identity(subject, "race@example.org", true), Actor.SYSTEM));
        assertThat(users)
                .extracting(User::id)
                .hasSize(16)
                .containsOnly(users.getFirst().id());
    }

    // ---- organisations ----

    @Test
    void the_creator_of_an_organisation_is_its_admin_and_nobody_else_is_anything() {
        User anna = user();
        User ben = user();
        Org org = org(anna);

        assertThat(directory.role(anna.id(), org.id())).contains(Role.ADMIN);
        assertThat(directory.role(ben.id(), org.id())).isEmpty();
        assertThat(directory.memberships(anna.id())).extracting(Membership::org).containsExactly(org.id());
        assertThat(directory.memberships(ben.id())).isEmpty();
        assertThat(directory.org(org.id())).contains(org);
        assertThat(directory.org(OrgId.next())).isEmpty();

        directory.assign(org.id(), ben.id(), Role.GUEST, Actor.user(anna.id(), null, null));
        assertThat(directory.role(ben.id(), org.id())).contains(Role.GUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "-ab", "ab-", "Ab", "a b", "a_b", "ab\n", "äb"})
    void a_slug_that_breaks_the_rule_is_refused(String slug) {
        UserId anna = user().id();
        assertCode(DirectoryError.SLUG_REFUSED, () -> directory.createOrg(anna, "Org", slug, Actor.SYSTEM));
    }

    @Test
    void a_slug_is_taken_once_even_in_a_race() throws Exception {
        UserId anna = user().id();
        String slug = slug();
        List<Object> outcomes = all(8, () -> {
            try {
                return directory.createOrg(anna, "Org", slug, Actor.SYSTEM);
            } catch (StreamException e) {
                return e.code();
            }
        });
        assertThat(outcomes).filteredOn(Org.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(DirectoryError.SLUG_TAKEN::equals).hasSize(7);
    }

    @Test
    void two_admins_who_demote_each_other_at_once_leave_one() throws Exception {
        User anna = user();
        User ben = user();
        OrgId org = org(anna).id();
        directory.assign(org, ben.id(), Role.ADMIN, Actor.SYSTEM);
        List<UserId> both = List.of(anna.id(), ben.id());
        List<Object> outcomes = all(16, number -> () -> {
            try {
                return directory.assign(org, both.get(number % 2), Role.MEMBER, Actor.SYSTEM);
            } catch (StreamException e) {
                return e.code();
            }
        });
        assertThat(outcomes).contains(DirectoryError.LAST_ADMIN);
        assertThat(both)
                .filteredOn(u -> directory.role(u, org).orElseThrow() == Role.ADMIN)
                .hasSize(1);
    }

    /** Who else is in the organisation, as ADMIN, MEMBER, or an admin that is gone; and whether its admin can be disabled. */
    @ParameterizedTest
    @CsvSource({
        "'', true",
        "ADMIN, true",
        "MEMBER, false",
        "GUEST, false",
        "disabled, true",
        "deleted, true",
        "MEMBER disabled, false",
        "MEMBER deleted, false",
        "MEMBER ADMIN, true"
    })
    void the_only_admin_of_others_is_not_disabled(String others, boolean can) {
        User anna = user();
        Org org = org(anna);
        for (String other : others.isEmpty() ? new String[0] : others.split(" ")) {
            User ben = user();
            boolean gone = other.endsWith("ed");
            directory.assign(org.id(), ben.id(), gone ? Role.ADMIN : Role.valueOf(other), Actor.SYSTEM);
            if (gone) {
                database.asOwner("UPDATE users SET " + other + "_at = now() WHERE id = '" + ben.id() + "'");
            }
        }
        if (can) {
            assertThat(directory.disable(anna.id(), Actor.SYSTEM).disabledAt()).isNotNull();
            return;
        }
        assertThatThrownBy(() -> directory.disable(anna.id(), Actor.SYSTEM))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(DirectoryError.LAST_ADMIN))
                .hasMessage("user " + anna.id() + " is the only admin of " + org.slug() + " (" + org.id() + ")");
        assertThat(directory.user(anna.id())).isPresent();
        database.asOwner("UPDATE orgs SET deleted_at = now() WHERE id = '" + org.id() + "'");
        assertThat(directory.disable(anna.id(), Actor.SYSTEM).disabledAt())
                .as("an organisation that is gone needs no admin")
                .isNotNull();
    }

    @Test
    void two_admins_who_are_disabled_at_once_leave_the_others_one() throws Exception {
        User anna = user();
        User ben = user();
        OrgId org = org(anna).id();
        directory.assign(org, ben.id(), Role.ADMIN, Actor.SYSTEM);
        directory.assign(org, user().id(), Role.MEMBER, Actor.SYSTEM);
        List<UserId> both = List.of(anna.id(), ben.id());
        List<Object> outcomes = all(2, number -> () -> {
            try {
                return directory.disable(both.get(number), Actor.SYSTEM);
            } catch (StreamException e) {
                return e.code();
            }
        });
        assertThat(outcomes).contains(DirectoryError.LAST_ADMIN).hasAtLeastOneElementOfType(User.class);
        assertThat(directory.memberships(Set.copyOf(both))).hasSize(1);
    }

    // ---- enrolment ----

    @Test
    void sixty_four_racers_on_one_token_make_exactly_one_host() throws Exception {
        User anna = user();
        OrgId org = org(anna).id();
        Secret token = token(org, anna).text();
        List<Object> outcomes = all(64, number -> () -> {
            try {
                return enrolment.redeem(org, token, application("racer-" + number), Actor.SYSTEM);
            } catch (StreamException e) {
                return e.code();
            }
        });
        assertThat(outcomes).filteredOn(Enrolled.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(DirectoryError.TOKEN_REFUSED::equals).hasSize(63);
        assertThat(directory.hosts(org)).hasSize(1);
        assertThat(audit.verify(org).whole()).isTrue();
        assertThat(events(org)).containsOnlyOnce("HOST_REGISTERED");
    }

    @Test
    void the_hosts_of_an_organisation_in_parts_are_all_of_them_by_name_also_when_one_goes_in_between() {
        User anna = user();
        OrgId org = org(anna).id();
        for (int i = 0; i < 7; i++) {
            enrolment.redeem(org, token(org, anna).text(), application("part-" + i / 3), Actor.SYSTEM);
        }
        List<Host> all = directory.hosts(org);
        assertThat(all).hasSize(7);
        for (int size = 1; size < 9; size++) {
            List<Host> read = new ArrayList<>();
            List<Host> part = directory.hosts(org, null, size);
            while (!part.isEmpty()) {
                assertThat(part).hasSizeLessThanOrEqualTo(size);
                read.addAll(part);
                part = directory.hosts(org, part.getLast().id(), size);
            }
            assertThat(read)
                    .extracting(Host::id)
                    .isEqualTo(all.stream().map(Host::id).toList());
        }
        Host gone = all.get(2);
        database.asOwner("UPDATE hosts SET deleted_at = now() WHERE id = '" + gone.id() + "'");
        assertThat(directory.hosts(org, gone.id(), 100))
                .extracting(Host::id)
                .isEqualTo(all.subList(3, 7).stream().map(Host::id).toList());
    }

    @Test
    void a_token_of_another_organisation_an_expired_one_and_an_unknown_one_are_refused_alike() {
        User anna = user();
        OrgId a = org(anna).id();
        OrgId b = org(anna).id();
        BootstrapToken token = token(a, anna);
        assertRedeemRefused(b, token.text());
        assertRedeemRefused(a, new Secret(Enrolment.PREFIX + "x"));
        clock.advance(Duration.ofHours(25));
        assertRedeemRefused(a, token.text());
        assertThat(directory.hosts(a)).isEmpty();
        assertThat(directory.hosts(b)).isEmpty();
    }

    @Test
    void a_bad_request_does_not_spend_the_token() {
        User anna = user();
        OrgId org = org(anna).id();
        Secret token = token(org, anna).text();
        assertCode(
                DirectoryError.CSR_REFUSED,
                () -> enrolment.redeem(
                        org, token, new HostApplication("h", "rubbish", Map.of(), Map.of(), null), Actor.SYSTEM));
        assertCode(
                DirectoryError.NAME_REFUSED,
                () -> enrolment.redeem(org, token, application("bad\u0000name"), Actor.SYSTEM));
        assertThat(enrolment
                        .redeem(org, token, application("good"), Actor.SYSTEM)
                        .org())
                .isEqualTo(org);
    }

    @Test
    void the_database_never_has_the_token_itself() {
        User anna = user();
        BootstrapToken token = token(org(anna).id(), anna);
        assertThat(token.text().reveal()).startsWith(Enrolment.PREFIX).hasSize(Enrolment.PREFIX.length() + 43);
        assertThat(database.valueAsOwner("SELECT t::text FROM bootstrap_tokens t WHERE id = '" + token.id() + "'"))
                .isNotEmpty()
                .doesNotContain(token.text().reveal().substring(Enrolment.PREFIX.length()));
        assertThat(token.toString()).doesNotContain(token.text().reveal());
    }

    @Test
    void a_certificate_stands_for_its_host_until_it_is_revoked_or_expires() throws Exception {
        User anna = user();
        OrgId org = org(anna).id();
        Enrolled enrolled = enrolment.redeem(org, token(org, anna).text(), application("h"), Actor.SYSTEM);
        BigInteger serial = serial(enrolled);
        assertThat(enrolment.standing(serial))
                .isEqualTo(new Standing.Valid(org, enrolled.host(), enrolled.expiresAt()));
        assertThat(enrolment.standing(BigInteger.TEN)).isEqualTo(new Standing.Unknown());
        assertThat(enrolment.standing(BigInteger.ONE.negate())).isEqualTo(new Standing.Unknown());

        Enrolled renewed = enrolment.renew(org, enrolled.host(), csr, Actor.SYSTEM);
        assertThat(enrolment.standing(serial(renewed))).isInstanceOf(Standing.Valid.class);
        assertThat(enrolment.standing(serial)).as("the one before").isInstanceOf(Standing.Valid.class);

        assertThat(enrolment.revoke(org, enrolled.host(), "stolen", Actor.SYSTEM))
                .isEqualTo(2);
        assertThat(enrolment.standing(serial)).isEqualTo(new Standing.Revoked(org, enrolled.host(), "stolen"));
        assertThat(enrolment.revoke(org, enrolled.host(), "again", Actor.SYSTEM))
                .isZero();

        Enrolled other = enrolment.redeem(org, token(org, anna).text(), application("i"), Actor.SYSTEM);
        clock.advance(Duration.ofDays(8));
        assertThat(enrolment.standing(serial(other))).isEqualTo(new Standing.Revoked(org, other.host(), "expired"));
    }

    @Test
    void another_organisation_can_neither_renew_nor_revoke_a_host() {
        User anna = user();
        OrgId a = org(anna).id();
        OrgId b = org(anna).id();
        HostId host = enrolled(a, anna);
        assertCode(DirectoryError.HOST_UNKNOWN, () -> enrolment.renew(b, host, csr, Actor.SYSTEM));
        assertThat(enrolment.revoke(b, host, "x", Actor.SYSTEM)).isZero();
        assertThat(directory.host(b, host)).isEmpty();
        assertThat(directory.presence(List.of(new HostPresence(b, host, true, Actor.SYSTEM))))
                .isEmpty();
        assertThat(directory.host(a, host).orElseThrow().status()).isEqualTo(HostStatus.OFFLINE);
    }

    // ---- hosts ----

    @Test
    void a_host_is_visible_to_members_of_its_organisation_only() {
        User anna = user();
        User ben = user();
        OrgId org = org(anna).id();
        HostId host = enrolled(org, anna);
        assertThat(directory.hostVisibleTo(anna.id(), host)).map(Host::id).contains(host);
        assertThat(directory.hostVisibleTo(ben.id(), host)).isEmpty();
        assertThat(directory.hostVisibleTo(anna.id(), HostId.next())).isEmpty();
    }

    @Test
    void presence_of_many_hosts_is_written_at_once_and_audited_where_it_changes() {
        User anna = user();
        OrgId one = org(anna).id();
        OrgId two = org(anna).id();
        HostId a = enrolled(one, anna);
        HostId b = enrolled(one, anna);
        HostId c = enrolled(two, anna);
        List<HostPresence> came = List.of(present(one, a, true), present(one, b, false), present(two, c, true));
        assertThat(directory.presence(came))
                .extracting(Host::id, Host::status)
                .containsExactlyInAnyOrder(
                        tuple(a, HostStatus.ONLINE), tuple(b, HostStatus.OFFLINE), tuple(c, HostStatus.ONLINE));
        directory.presence(came);
        assertThat(directory.notedOnline())
                .extracting(HostPresence::host)
                .contains(a, c)
                .doesNotContain(b);
        directory.presence(List.of(present(one, a, false), present(one, b, true)));
        assertThat(events(one))
                .filteredOn(e -> e.startsWith("HOST_O"))
                .containsExactly("HOST_ONLINE", "HOST_OFFLINE", "HOST_ONLINE");
        assertThat(events(two)).containsOnlyOnce("HOST_ONLINE");
        assertThat(audit.verify(one).whole()).isTrue();
    }

    @Test
    void a_host_in_maintenance_stays_there_whether_it_is_connected_or_not() {
        User anna = user();
        OrgId org = org(anna).id();
        HostId host = enrolled(org, anna);
        database.asOwner("UPDATE hosts SET status = 'MAINTENANCE' WHERE id = '" + host + "'");
        assertThat(directory.presence(List.of(present(org, host, true))))
                .extracting(Host::status)
                .containsExactly(HostStatus.MAINTENANCE);
        assertThat(directory.presence(List.of(present(org, host, false))))
                .extracting(Host::status)
                .containsExactly(HostStatus.MAINTENANCE);
    }

    private static HostPresence present(OrgId org, HostId host, boolean online) {
        return new HostPresence(org, host, online, Actor.host(host, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"deleted_at", "disabled_at"})
    void users_that_are_gone_are_members_of_nothing_and_no_admins(String since) {
        User anna = user();
        User ben = user();
        OrgId org = org(anna).id();
        directory.assign(org, ben.id(), Role.ADMIN, Actor.SYSTEM);
        HostId host = enrolled(org, anna);
        database.asOwner("UPDATE users SET " + since + " = now() WHERE id = '" + anna.id() + "'");
        assertThat(directory.user(anna.id())).isEmpty();
        assertThat(directory.memberships(anna.id())).isEmpty();
        assertThat(directory.role(anna.id(), org)).isEmpty();
        assertThat(directory.hostVisibleTo(anna.id(), host)).isEmpty();
        assertThat(directory.memberships(Set.of(anna.id(), ben.id())))
                .containsOnlyKeys(ben.id())
                .hasEntrySatisfying(
                        ben.id(),
                        found -> assertThat(found).extracting(Membership::org).containsExactly(org));
        assertCode(DirectoryError.LAST_ADMIN, () -> directory.assign(org, ben.id(), Role.MEMBER, Actor.SYSTEM));
    }

    @Test
    void a_disabled_user_is_refused_with_a_sentence_until_it_is_enabled_and_is_then_what_it_was() {
        String subject = UUID.randomUUID().toString();
        String address = subject + "@Example.org";
        User anna = directory.signIn(identity(subject, address, true), Actor.SYSTEM);
        OrgId org = org(anna).id();
        User disabled = directory.disable(anna.id(), Actor.SYSTEM);
        assertThat(disabled.disabledAt()).isNotNull();
        clock.advance(Duration.ofMinutes(1));
        assertThat(directory.disable(anna.id(), Actor.SYSTEM)).as("again").isEqualTo(disabled);
        assertThatThrownBy(() -> directory.signIn(identity(subject, address, true), Actor.SYSTEM))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(DirectoryError.USER_DISABLED))
                .hasMessage("your account is disabled; ask your administrator");
        assertCode(DirectoryError.USER_DISABLED, () -> directory.createOrg(anna.id(), "n", "n-" + org, Actor.SYSTEM));
        assertCode(DirectoryError.USER_DISABLED, () -> directory.assign(org, anna.id(), Role.MEMBER, Actor.SYSTEM));
        assertThat(directory.disabled(Set.of(anna.id(), UserId.next()))).containsExactly(anna.id());
        assertThat(directory.users(address.toLowerCase(Locale.ROOT))).containsExactly(disabled);

        assertThat(directory.enable(anna.id(), Actor.SYSTEM).disabledAt()).isNull();
        directory.enable(anna.id(), Actor.SYSTEM);
        assertThat(directory.role(anna.id(), org)).contains(Role.ADMIN);
        assertThat(directory.disabled(Set.of(anna.id()))).isEmpty();
        assertThat(directory
                        .signIn(identity(subject, address, true), Actor.SYSTEM)
                        .id())
                .isEqualTo(anna.id());
        assertThat(database.valueAsOwner(
                        "SELECT string_agg(event_type, ' ' ORDER BY seq) FROM audit_log WHERE resource_id = '"
                                + anna.id() + "' AND event_type LIKE 'USER!_%ABLED' ESCAPE '!'"))
                .as("each change once")
                .isEqualTo("USER_DISABLED USER_ENABLED");
        assertCode(DirectoryError.USER_UNKNOWN, () -> directory.disable(UserId.next(), Actor.SYSTEM));
        database.asOwner("UPDATE users SET deleted_at = now() WHERE id = '" + anna.id() + "'");
        assertCode(DirectoryError.USER_UNKNOWN, () -> directory.disable(anna.id(), Actor.SYSTEM));
    }

    /** A hand at the database, or what a newer release wrote there: columns that this release can't read. */
    @ParameterizedTest
    @ValueSource(strings = {"figures = '[]'", "figures = '{\"at\":7}'"})
    void a_host_that_cannot_be_read_stops_nothing_of_others(String broken) {
        User anna = user();
        OrgId org = org(anna).id();
        HostId sound = enrolled(org, anna);
        HostId bad = enrolled(org, anna);
        HostId last = enrolled(org, anna);
        List<HostPresence> online = Stream.of(sound, bad, last)
                .map(host -> present(org, host, true))
                .toList();
        database.withoutChecks("hosts", () -> {
            database.asOwner("UPDATE hosts SET " + broken + " WHERE id = '" + bad + "'");
            try {
                assertThat(directory.presence(online)).extracting(Host::id).contains(sound, last);
                assertThat(directory.hosts(org)).extracting(Host::id).contains(sound, last);
            } finally {
                database.asOwner("UPDATE hosts SET status = 'OFFLINE', figures = NULL, gpu_info = '{}', os_info = '{}'"
                        + " WHERE id = '" + bad + "'");
            }
        });
    }

    @Test
    void a_membership_that_cannot_be_read_gives_no_rights_and_takes_none_from_others() {
        User anna = user();
        User ben = user();
        OrgId org = org(anna).id();
        directory.assign(org, ben.id(), Role.MEMBER, Actor.SYSTEM);
        database.withoutChecks("org_members", () -> {
            database.asOwner("UPDATE org_members SET role = 'OWNER' WHERE user_id = '" + ben.id() + "'");
            try {
                assertThat(directory.memberships(Set.of(anna.id(), ben.id())))
                        .hasEntrySatisfying(
                                anna.id(), found -> assertThat(found).hasSize(1))
                        .hasEntrySatisfying(ben.id(), found -> assertThat(found).isEmpty());
                assertThat(directory.memberships(ben.id())).isEmpty();
            } finally {
                database.asOwner("UPDATE org_members SET role = 'MEMBER' WHERE user_id = '" + ben.id() + "'");
            }
        });
    }

    @Test
    void a_user_without_an_organisation_is_told_from_one_that_is_gone() {
        User anna = user();
        UserId nobody = UserId.next();
        assertThat(directory.memberships(Set.of(anna.id(), nobody)))
                .containsOnlyKeys(anna.id())
                .hasEntrySatisfying(anna.id(), found -> assertThat(found).isEmpty());
    }

    @Test
    void a_host_is_trusted_until_its_certificates_are_revoked_or_it_is_deleted() {
        User anna = user();
        OrgId org = org(anna).id();
        HostId kept = enrolled(org, anna);
        HostId revoked = enrolled(org, anna);
        HostId deleted = enrolled(org, anna);
        Set<HostId> all = Set.of(kept, revoked, deleted, HostId.next());
        assertThat(enrolment.trusted(all)).containsExactlyInAnyOrder(kept, revoked, deleted);
        enrolment.revoke(org, revoked, "lost", Actor.SYSTEM);
        database.asOwner("UPDATE hosts SET deleted_at = now() WHERE id = '" + deleted + "'");
        assertThat(enrolment.trusted(all)).containsExactly(kept);
    }

    @Test
    void heartbeats_are_read_from_memory_and_written_together_only_when_they_changed() {
        User anna = user();
        OrgId org = org(anna).id();
        HostId busy = enrolled(org, anna);
        HostId idle = enrolled(org, anna);
        directory.heartbeat(org, busy, figures(0.1));
        directory.heartbeat(org, busy, figures(0.2));
        directory.heartbeat(org, idle, figures(0.5));
        assertThat(directory.host(org, busy).orElseThrow().figures().cpuUsage()).isEqualTo(0.2);
        assertThat(stored(busy)).isEqualTo("null");
        assertThat(directory.writeHeartbeats()).isEqualTo(2);
        assertThat(stored(busy)).isEqualTo("0.2");
        assertThat(directory.writeHeartbeats()).isZero();

        clock.advance(Heartbeats.WRITE_INTERVAL);
        directory.heartbeat(org, busy, figures(0.3));
        directory.heartbeat(org, idle, figures(0.5)); // another time, nothing else
        assertThat(directory.writeHeartbeats()).isEqualTo(1);
        assertThat(stored(busy)).isEqualTo("0.3");
        clock.advance(Heartbeats.REST_INTERVAL);
        HostMetrics later = new HostMetrics(clock.instant(), 0.5, 1L, 2L, null, null, null, null, false, 0, 67);
        directory.heartbeat(org, idle, later);
        assertThat(directory.writeHeartbeats()).as("at rest, but there").isEqualTo(1);

        HostId host = busy;
        Directory restarted = new PostgresDirectory(database.store(), audit, clock);
        assertThat(restarted.host(org, host).orElseThrow().figures().cpuUsage()).isEqualTo(0.3);
    }

    private void assertRedeemRefused(OrgId org, Secret token) {
        assertThatThrownBy(() -> enrolment.redeem(org, token, application("h"), Actor.SYSTEM))
                .hasMessage("the bootstrap token was refused")
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(DirectoryError.TOKEN_REFUSED));
    }

    private static void assertCode(ErrorCode code, Callable<?> call) {
        assertThatThrownBy(call::call).isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    private List<String> events(OrgId org) {
        return audit.read(org, AuditQuery.of(Instant.EPOCH, clock.instant().plusSeconds(60))).stream()
                .map((AuditRecord r) -> r.event().type().name())
                .toList();
    }

    private HostId enrolled(OrgId org, User admin) {
        return enrolment
                .redeem(org, token(org, admin).text(), application("h"), Actor.SYSTEM)
                .host();
    }

    private BootstrapToken token(OrgId org, User admin) {
        return enrolment.issue(org, admin.id(), Enrolment.TOKEN_LIFE, Actor.user(admin.id(), null, null));
    }

    private HostApplication application(String name) {
        return new HostApplication(name, csr, Map.of("platform", "linux"), Map.of("name", "GPU"), "0.1.0");
    }

    @Test
    void what_a_host_is_follows_the_machine_and_only_a_change_is_written() {
        User admin = user();
        OrgId org = directory
                .createOrg(admin.id(), "Describers", "describers", Actor.SYSTEM)
                .id();
        HostId host = enrolled(org, admin);
        HostDescription same = application("h").description();
        assertThat(directory.describe(org, host, same, Actor.SYSTEM)).isEmpty();
        HostDescription unread = new HostDescription("h", same.osInfo(), Map.of(), same.agentVersion());
        assertThat(directory.describe(org, host, unread, Actor.SYSTEM))
                .as("a GPU that can't be read now")
                .isEmpty();
        assertThat(directory.describe(
                        org, host, new HostDescription("h", Map.of("platform", "x"), Map.of(), null), Actor.SYSTEM))
                .hasValueSatisfying(now -> {
                    assertThat(now.osInfo()).containsEntry("platform", "x");
                    assertThat(now.gpuInfo()).containsEntry("name", "GPU");
                });
        assertThat(events(org)).doesNotContain("HOST_RENAMED");
        assertThat(directory.describe(
                        org, host, new HostDescription("Zoë 👩\u200d💻", same.osInfo(), Map.of(), null), Actor.SYSTEM))
                .hasValueSatisfying(now -> assertThat(now.hostname()).isEqualTo("Zoë 👩\u200d💻"));
        assertThat(events(org)).containsOnlyOnce("HOST_RENAMED");
        assertCode(
                DirectoryError.NAME_REFUSED,
                () -> directory.describe(
                        org, host, new HostDescription("a\u0000b", Map.of(), Map.of(), null), Actor.SYSTEM));
        OrgId other = directory
                .createOrg(admin.id(), "Others", "others-of-describers", Actor.SYSTEM)
                .id();
        assertThat(directory.describe(other, host, new HostDescription("x", Map.of(), Map.of(), null), Actor.SYSTEM))
                .as("in an organisation that it is not of")
                .isEmpty();
    }

    private String stored(HostId host) {
        return database.valueAsOwner("SELECT figures->>'cpu_usage' FROM hosts WHERE id = '" + host + "'");
    }

    private HostMetrics figures(double cpu) {
        return new HostMetrics(Instant.parse("2026-11-22T12:00:00Z"), cpu, 1L, 2L, null, null, null, null, false, 0, 7);
    }

    private User user() {
        return directory.signIn(identity(UUID.randomUUID().toString(), "someone@example.org", true), Actor.SYSTEM);
    }

    private Org org(User creator) {
        return directory.createOrg(creator.id(), "Org", slug(), Actor.user(creator.id(), null, null));
    }

    private static String slug() {
        return "o-" + UUID.randomUUID();
    }

    private static Identity identity(String subject, String email, boolean verified) {
        return new Identity("https://issuer.example.org", subject, email, verified, "Someone", null);
    }

    private static BigInteger serial(Enrolled enrolled) throws Exception {
        return ((X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(
                                enrolled.certificatePem().getBytes(StandardCharsets.US_ASCII))))
                .getSerialNumber();
    }

    private static <T> List<T> all(int count, Callable<T> work) throws Exception {
        return all(count, number -> work);
    }

    /** Runs all at the same moment. */
    private static <T> List<T> all(int count, IntFunction<Callable<T>> work) throws Exception {
        CountDownLatch ready = new CountDownLatch(count);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Callable<T> each = work.apply(i);
                futures.add(threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return each.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new AssertionError("one of " + count + " failed", e.getCause());
        }
    }
}
