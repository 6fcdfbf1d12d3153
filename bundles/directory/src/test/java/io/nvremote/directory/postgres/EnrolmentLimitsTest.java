// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.postgres.AuditSchema;
import io.nvremote.audit.postgres.PostgresAudit;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.CoreError;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.OrgId;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Enrolled;
import io.nvremote.directory.Enrolment;
import io.nvremote.directory.HostApplication;
import io.nvremote.directory.Identity;
import io.nvremote.store.postgres.TestDatabase;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestDatabase.Once.class)
@TestDatabase.With({DirectorySchema.class, AuditSchema.class})
class EnrolmentLimitsTest {

    private static final Secret GUESS = new Secret(Enrolment.PREFIX + "x".repeat(43));

    private final TestDatabase database;
    private final Enrolment enrolment;
    private final OrgId org;
    private final UserId admin;
    private final String csr;
    private long nanos;

    EnrolmentLimitsTest(TestDatabase database, @TempDir Path folder) throws Exception {
        this.database = database;
        Clock clock = new Clock() {
            @Override
            public Instant instant() {
                return Instant.now();
            }

            @Override
            public long nanos() {
                return nanos;
            }

            @Override
            public void sleep(Duration duration) {
                nanos += duration.toNanos();
            }
        };
        AuditTrail audit = new PostgresAudit(database.store(), clock);
        Directory directory = new PostgresDirectory(database.store(), audit, clock);
        enrolment = new PostgresEnrolment(
                database.store(), audit, new InternalAuthority(folder, clock), Duration.ofDays(30), clock);
        csr = InternalAuthorityTest.csr(InternalAuthorityTest.keys("EC", 256), "CN=x", "SHA256withECDSA");
        String subject = UUID.randomUUID().toString();
        admin = directory
                .signIn(new Identity("https://issuer", subject, "a@example.org", true, "A", null), Actor.SYSTEM)
                .id();
        org = directory.createOrg(admin, "Org", "o-" + subject, Actor.SYSTEM).id();
    }

    @Test
    void who_guesses_tokens_is_refused_by_address_and_fills_no_chain() {
        Actor guesser = Actor.anonymous(InetAddress.ofLiteral("198.51.100.7"), "x");
        Actor honest = Actor.anonymous(InetAddress.ofLiteral("198.51.100.8"), "x");
        long before = rows();
        List<ErrorCode> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            answers.add(refusal(guesser));
        }
        assertThat(answers.subList(0, Strangers.FAILURES)).containsOnly(DirectoryError.TOKEN_REFUSED);
        assertThat(answers.subList(Strangers.FAILURES, 200)).containsOnly(CoreError.TOO_MANY_REQUESTS);
        assertThat(rows() - before).isEqualTo(Strangers.ROWS);

        Secret token =
                enrolment.issue(org, admin, Enrolment.TOKEN_LIFE, Actor.SYSTEM).text();
        assertThat(redeem(token, honest).org()).as("others enrol meanwhile").isEqualTo(org);

        nanos += Duration.ofMinutes(1).toNanos();
        assertThat(refusal(guesser)).isEqualTo(DirectoryError.TOKEN_REFUSED);
        assertThat(database.valueAsOwner("SELECT context->>'not_written' FROM audit_log"
                        + " WHERE event_type = 'BOOTSTRAP_TOKEN_REFUSED' ORDER BY seq DESC LIMIT 1"))
                .isEqualTo(Integer.toString(Strangers.FAILURES - Strangers.ROWS));
    }

    private ErrorCode refusal(Actor actor) {
        try {
            redeem(GUESS, actor);
        } catch (StreamException e) {
            return e.code();
        }
        throw new AssertionError("a guess was taken");
    }

    private Enrolled redeem(Secret token, Actor actor) {
        return enrolment.redeem(org, token, new HostApplication("h", csr, Map.of(), Map.of(), "0.1.0"), actor);
    }

    private long rows() {
        return Long.parseLong(
                database.valueAsOwner("SELECT count(*) FROM audit_log WHERE event_type = 'BOOTSTRAP_TOKEN_REFUSED'"));
    }
}
