// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.postgres.AuditSchema;
import io.nvremote.audit.postgres.PostgresAudit;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.CoreError;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Enrolled;
import io.nvremote.directory.Enrolment;
import io.nvremote.directory.HostApplication;
import io.nvremote.directory.Identity;
import io.nvremote.lib.pem.Pem;
import io.nvremote.store.postgres.TestDatabase;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hosts that slept past their certificate: days pass on a clock of the test, the database is real. */
@ExtendWith(TestDatabase.Once.class)
@TestDatabase.With({DirectorySchema.class, AuditSchema.class})
class ComeBackTest {

    private static final Duration GRACE = Duration.ofDays(30);
    private static final Actor HOST = Actor.anonymous(InetAddress.ofLiteral("198.51.100.7"), "host");

    private final TestDatabase database;
    private final Path folder;
    private final DayClock clock = new DayClock();
    private final AuditTrail audit;
    private final InternalAuthority authority;
    private final Enrolment enrolment;
    private final OrgId org;
    private final UserId admin;
    private final HostId host;
    /** What the host shows; a case may change it. */
    private String certificate;

    private String csr;

    ComeBackTest(TestDatabase database, @TempDir Path folder) throws Exception {
        this.database = database;
        this.folder = folder;
        csr = csr(InternalAuthorityTest.keys("EC", 256));
        audit = new PostgresAudit(database.store(), clock);
        authority = new InternalAuthority(folder.resolve("ca"), clock);
        Directory directory = new PostgresDirectory(database.store(), audit, clock);
        enrolment = new PostgresEnrolment(database.store(), audit, authority, GRACE, clock);
        String subject = UUID.randomUUID().toString();
        admin = directory
                .signIn(new Identity("https://issuer", subject, "a@example.org", true, "A", null), Actor.SYSTEM)
                .id();
        org = directory.createOrg(admin, "Org", "o-" + subject, Actor.SYSTEM).id();
        Enrolled enrolled = enrolment.redeem(
                org,
                enrolment.issue(org, admin, Enrolment.TOKEN_LIFE, Actor.SYSTEM).text(),
                new HostApplication("h", csr, Map.of(), Map.of(), "0.1.0"),
                HOST);
        host = enrolled.host();
        certificate = enrolled.certificatePem();
        enrolment.standing(serial(certificate));
    }

    /** @param expected null: it comes back */
    private record Case(String name, Step before, @Nullable ErrorCode expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    private interface Step {
        void run(ComeBackTest scene) throws Exception;
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("expired a day ago", s -> s.sleep(8), null),
                new Case("by its own clock only", s -> s.sleep(3), null),
                new Case("on the last day of the grace", s -> s.sleep(36), null),
                new Case("after the grace", s -> s.sleep(38), DirectoryError.GRACE_OVER),
                new Case("the answer was lost once", s -> s.sleep(8).comeBack(), null),
                new Case("a renewal was lost before", s -> s.renewed(false).sleep(12), null),
                new Case(
                        "a newer one was shown", s -> s.renewed(true).sleep(12), DirectoryError.CERTIFICATE_SUPERSEDED),
                new Case(
                        "came back already",
                        s -> s.sleep(8).shows(s.comeBack()),
                        DirectoryError.CERTIFICATE_SUPERSEDED),
                new Case("revoked while valid", s -> s.revoked().sleep(8), DirectoryError.CERTIFICATE_REVOKED),
                new Case("revoked while asleep", s -> s.sleep(8).revoked(), DirectoryError.CERTIFICATE_REVOKED),
                new Case(
                        "host removed",
                        s -> s.sleep(8).sql("UPDATE hosts SET deleted_at = now() WHERE id = '%s'", s.host),
                        DirectoryError.CERTIFICATE_REVOKED),
                new Case(
                        "organisation removed",
                        s -> s.sleep(8).sql("UPDATE orgs SET deleted_at = now() WHERE id = '%s'", s.org),
                        DirectoryError.CERTIFICATE_REVOKED),
                new Case(
                        "database from before the certificate",
                        s -> s.sleep(8).forgotten(),
                        DirectoryError.DATABASE_RESTORED),
                new Case(
                        "database from before the host",
                        s -> s.sleep(8).forgotten().hostForgotten(),
                        DirectoryError.DATABASE_RESTORED),
                new Case(
                        "another key's request",
                        s -> s.sleep(8).csr = csr(InternalAuthorityTest.keys("EC", 256)),
                        DirectoryError.KEY_NOT_PROVEN),
                new Case("no request", s -> s.sleep(8).csr = "x", DirectoryError.CSR_REFUSED),
                new Case(
                        "another authority's certificate",
                        s -> s.sleep(8).foreign(),
                        DirectoryError.CERTIFICATE_FOREIGN),
                new Case(
                        "our own server's certificate",
                        s -> s.certificate =
                                s.authority.server(Set.of(), Set.of()).certificatePem(),
                        DirectoryError.CERTIFICATE_FOREIGN),
                new Case(
                        "the authority's certificate",
                        s -> s.certificate = s.authority.rootPem(),
                        DirectoryError.CERTIFICATE_FOREIGN),
                new Case(
                        "no certificate",
                        s -> s.certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
                        DirectoryError.CERTIFICATE_FOREIGN));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_host_comes_back_or_is_told_what_stands_in_the_way(Case one) throws Exception {
        one.before().run(this);
        if (one.expected() == null) {
            Enrolled next = comeBack();
            assertThat(next.host()).as("it keeps its id").isEqualTo(host);
            assertThat(enrolment.standing(serial(next.certificatePem()))).isInstanceOf(Enrolment.Standing.Valid.class);
            assertThat(database.valueAsOwner("SELECT context->>'proof' FROM audit_log WHERE org_id = '" + org
                            + "' AND event_type = 'HOST_CERT_RENEWED' ORDER BY seq DESC LIMIT 1"))
                    .isEqualTo("old_key");
            return;
        }
        assertThat(refusal()).isEqualTo(one.expected());
        if (one.expected() != DirectoryError.CSR_REFUSED) {
            assertThat(database.valueAsOwner(
                            "SELECT context->>'reason' FROM audit_log WHERE event_type = 'HOST_CERT_REFUSED'"
                                    + " ORDER BY seq DESC LIMIT 1"))
                    .isEqualTo(((DirectoryError) one.expected()).name());
        }
    }

    @Test
    void an_admin_can_let_nobody_come_back() {
        Enrolment strict = new PostgresEnrolment(database.store(), audit, authority, Duration.ZERO, clock);
        sleep(7).clock.now = clock.now.plusSeconds(60);
        assertThat(catchThrowable(() -> strict.comeBack(certificate, csr, HOST)))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(DirectoryError.GRACE_OVER));
    }

    @Test
    void who_tries_again_and_again_is_refused_by_address_and_fills_no_log() {
        sleep(60);
        long before = rows();
        List<ErrorCode> answers = new ArrayList<>();
        for (int i = 0; i < Strangers.FAILURES + 20; i++) {
            answers.add(refusal());
        }
        assertThat(answers.subList(0, Strangers.FAILURES)).containsOnly(DirectoryError.GRACE_OVER);
        assertThat(answers.subList(Strangers.FAILURES, answers.size())).containsOnly(CoreError.TOO_MANY_REQUESTS);
        assertThat(rows() - before).isEqualTo(Strangers.ROWS);
    }

    private long rows() {
        return Long.parseLong(
                database.valueAsOwner("SELECT count(*) FROM audit_log WHERE event_type = 'HOST_CERT_REFUSED'"));
    }

    private Enrolled comeBack() {
        return enrolment.comeBack(certificate, csr, HOST);
    }

    private @Nullable ErrorCode refusal() {
        return catchThrowable(this::comeBack) instanceof StreamException e ? e.code() : null;
    }

    private ComeBackTest sleep(int days) {
        clock.now = clock.now.plus(Duration.ofDays(days));
        return this;
    }

    private ComeBackTest renewed(boolean shown) throws Exception {
        sleep(3);
        Enrolled next = enrolment.renew(org, host, csr(InternalAuthorityTest.keys("EC", 256)), HOST);
        return shown ? shows(next) : this;
    }

    private ComeBackTest shows(Enrolled next) throws Exception {
        clock.now = clock.now.plusSeconds(2);
        enrolment.standing(serial(next.certificatePem()));
        return this;
    }

    private ComeBackTest revoked() {
        enrolment.revoke(org, host, "stolen", Actor.SYSTEM);
        return this;
    }

    private ComeBackTest forgotten() {
        return sql("DELETE FROM host_certificates WHERE host_id = '%s'", host);
    }

    private void hostForgotten() {
        sql("DELETE FROM bootstrap_tokens WHERE used_by_host = '%s'", host);
        sql("DELETE FROM hosts WHERE id = '%s'", host);
    }

    private ComeBackTest sql(String statement, Object id) {
        database.asOwner(statement.formatted(id));
        return this;
    }

    private void foreign() {
        certificate = new InternalAuthority(folder.resolve("other"), clock)
                .host(org, host, csr)
                .certificatePem();
    }

    private static BigInteger serial(String pem) throws Exception {
        return Pem.certificates(pem).getFirst().getSerialNumber();
    }

    private static String csr(KeyPair keys) throws Exception {
        return InternalAuthorityTest.csr(keys, "CN=x", "SHA256withECDSA");
    }

    private static final class DayClock implements Clock {

        private Instant now = Instant.now();

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public void sleep(Duration duration) {
            now = now.plus(duration);
        }
    }
}
