// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.postgres.AuditSchema;
import io.nvremote.audit.postgres.PostgresAudit;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.HostId;
import io.nvremote.core.UserId;
import io.nvremote.directory.Directory;
import io.nvremote.directory.Enrolled;
import io.nvremote.directory.Enrolment;
import io.nvremote.directory.HostApplication;
import io.nvremote.directory.HostMetrics;
import io.nvremote.directory.HostPresence;
import io.nvremote.directory.Identity;
import io.nvremote.directory.Org;
import io.nvremote.store.postgres.TestDatabase;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How often the database is asked for what a request, or a round over all connections, needs. */
@ExtendWith(TestDatabase.Once.class)
@TestDatabase.With({DirectorySchema.class, AuditSchema.class})
class ExchangesTest {

    private static final int MANY = 50;

    private final TestDatabase database;
    private final Directory directory;
    private final Enrolment enrolment;
    private final UserId user;
    private final Org org;
    private final List<HostId> hosts = new ArrayList<>();

    ExchangesTest(TestDatabase database, @TempDir Path folder) throws Exception {
        this.database = database;
        Clock clock = Clock.system();
        AuditTrail audit = new PostgresAudit(database.store(), clock);
        directory = new PostgresDirectory(database.store(), audit, clock);
        enrolment = new PostgresEnrolment(
                database.store(), audit, new InternalAuthority(folder, clock), Duration.ofDays(30), clock);
        user = user();
        org = directory.createOrg(user, "Exchanges", "e-" + UUID.randomUUID(), Actor.SYSTEM);
        String csr = InternalAuthorityTest.csr(InternalAuthorityTest.keys("EC", 256), "CN=x", "SHA256withECDSA");
        for (int i = 0; i < 2; i++) {
            Enrolled enrolled = enrolment.redeem(
                    org.id(),
                    enrolment
                            .issue(org.id(), user, Enrolment.TOKEN_LIFE, Actor.SYSTEM)
                            .text(),
                    new HostApplication("h" + i, csr, Map.of(), Map.of(), null),
                    Actor.SYSTEM);
            hosts.add(enrolled.host());
        }
    }

    private UserId user() {
        String subject = UUID.randomUUID().toString();
        return directory
                .signIn(new Identity("https://issuer", subject, "a@example.org", true, "A", null), Actor.SYSTEM)
                .id();
    }

    private long of(Runnable action) {
        long before = database.exchanges();
        action.run();
        return database.exchanges() - before;
    }

    @Test
    void what_a_request_reads_is_one_exchange() {
        assertThat(of(() -> directory.role(user, org.id()))).isEqualTo(1);
        assertThat(of(() -> directory.org(org.id()))).isEqualTo(1);
        assertThat(of(() -> directory.user(user))).isEqualTo(1);
        assertThat(of(() -> directory.memberships(user))).isEqualTo(1);
        assertThat(of(() -> directory.hosts(org.id()))).isEqualTo(1);
        assertThat(of(() -> directory.hosts(org.id(), hosts.getFirst(), 10))).isEqualTo(1);
        assertThat(of(() -> directory.host(org.id(), hosts.getFirst()))).isEqualTo(1);
    }

    @Test
    void a_host_of_whatever_organisation_is_two_exchanges_and_one_if_it_is_not_visible() {
        assertThat(directory.hostVisibleTo(user, hosts.getFirst())).isPresent();
        assertThat(of(() -> directory.hostVisibleTo(user, hosts.getFirst()))).isEqualTo(2);
        assertThat(of(() -> directory.hostVisibleTo(user, HostId.next()))).isEqualTo(1);
        assertThat(directory.hostVisibleTo(user(), hosts.getFirst())).isEmpty();
    }

    @Test
    void a_round_over_all_connections_asks_once_for_all() {
        Set<UserId> users = new HashSet<>(Set.of(user));
        Set<HostId> asked = new HashSet<>(hosts);
        Set<BigInteger> serials = new HashSet<>();
        for (int i = 0; i < MANY; i++) {
            users.add(UserId.next());
            asked.add(HostId.next());
            serials.add(BigInteger.valueOf(i + 1));
        }
        assertThat(of(() -> assertThat(directory.memberships(users)).containsOnlyKeys(user)))
                .isEqualTo(1);
        assertThat(of(() -> assertThat(enrolment.trusted(asked)).containsExactlyInAnyOrderElementsOf(hosts)))
                .isEqualTo(1);
        assertThat(of(() -> assertThat(enrolment.standings(serials)).isEmpty())).isEqualTo(1);
        assertThat(of(directory::notedOnline)).isEqualTo(1);
    }

    @Test
    void one_certificate_is_one_exchange() {
        assertThat(of(() -> enrolment.standing(BigInteger.ONE))).isEqualTo(1);
    }

    /** Beginning, one statement for those that came and one for those that went, the rows read again, the end. */
    @Test
    void presence_costs_the_same_for_one_and_for_many() {
        directory.presence(List.of(presence(hosts.getFirst(), true)));
        long one = of(() -> directory.presence(List.of(presence(hosts.getFirst(), true))));
        List<HostPresence> many = IntStream.range(0, MANY)
                .mapToObj(i -> presence(i == 0 ? hosts.getFirst() : HostId.next(), true))
                .toList();
        assertThat(of(() -> directory.presence(many))).isEqualTo(one).isEqualTo(4);
    }

    private HostPresence presence(HostId host, boolean online) {
        return new HostPresence(org.id(), host, online, Actor.SYSTEM);
    }

    @Test
    void a_heartbeat_asks_nothing_and_all_are_written_in_one_transaction() {
        HostMetrics figures =
                new HostMetrics(Clock.system().instant(), 0.5, null, null, null, null, null, null, false, 0, 1);
        assertThat(of(() -> hosts.forEach(host -> directory.heartbeat(org.id(), host, figures))))
                .isZero();
        assertThat(of(directory::writeHeartbeats)).isEqualTo(3);
    }
}
