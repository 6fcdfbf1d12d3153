// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Clock;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.core.UuidV7;
import io.nvremote.store.Store;
import io.nvremote.store.StoreError;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TestDatabase.Once.class)
@TestDatabase.With(FixtureSchema.class)
class PostgresStoreTest {

    private final TestDatabase database;
    private final Store store;

    PostgresStoreTest(TestDatabase database) {
        this.database = database;
        this.store = database.store();
    }

    @Test
    void an_organisation_neither_sees_nor_writes_another_ones_rows() {
        OrgId a = org();
        OrgId b = org();
        UUID host = UuidV7.next();
        insertHost(a, a, host);

        assertThat(count(a, "SELECT count(*) FROM hosts")).isEqualTo(1);
        assertThat(count(b, "SELECT count(*) FROM hosts")).isZero();
        assertThat(count(b, "SELECT count(*) FROM orgs")).isEqualTo(1);
        assertThat(store.<Integer>within(b, c -> update(c, "UPDATE hosts SET hostname = 'taken' WHERE id = ?", host)))
                .isZero();
        assertThatThrownBy(() -> insertHost(b, a, UuidV7.next()))
                .as("a row of A written by B")
                .hasStackTraceContaining("row-level security");
        assertThatThrownBy(() -> store.<Integer>within(a, c -> update(c, "UPDATE hosts SET org_id = ?", b.value())))
                .as("a row handed to B by A")
                .hasStackTraceContaining("row-level security");
        assertThat(database.valueAsOwner("SELECT hostname FROM hosts WHERE id = '" + host + "'"))
                .isEqualTo("host");
    }

    @Test
    void without_an_organisation_every_table_of_organisations_is_empty() {
        insertHost(org(), UuidV7.next());

        for (String table : List.of("orgs", "hosts")) {
            assertThat(store.<Integer>global(c -> number(c, "SELECT count(*) FROM " + table)))
                    .as(table)
                    .isZero();
        }
    }

    @Test
    void the_organisation_of_a_transaction_does_not_leak_into_the_next_one_on_the_same_connection() {
        OrgId a = org();
        insertHost(a, UuidV7.next());
        for (int i = 0; i < 40; i++) {
            assertThat(count(a, "SELECT count(*) FROM hosts")).isEqualTo(1);
            assertThat(store.<Integer>global(c -> number(c, "SELECT count(*) FROM hosts")))
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM hosts",
                "ALTER TABLE hosts DISABLE ROW LEVEL SECURITY",
                "DROP TABLE hosts",
                "CREATE TABLE mine (x int)",
                "SET ROLE nvremote_owner"
            })
    void the_application_role_may_not(String statement) {
        assertThatThrownBy(() -> store.<Integer>within(org(), c -> update(c, statement)))
                .isInstanceOf(StreamException.class)
                .rootCause()
                .hasMessageMatching("(?s).*(permission denied|must be owner|no schema).*");
    }

    @Test
    void what_throws_is_rolled_back_and_passes_through() {
        OrgId a = org();
        assertThatThrownBy(() -> store.within(a, c -> {
                    insert(c, a, UuidV7.next());
                    throw new IllegalStateException("mine");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("mine");
        assertThat(count(a, "SELECT count(*) FROM hosts")).isZero();
    }

    @Test
    void work_that_loses_a_deadlock_is_run_again() throws Exception {
        OrgId a = org();
        UUID one = UuidV7.next();
        UUID two = UuidV7.next();
        insertHost(a, one);
        insertHost(a, two);
        CountDownLatch bothHoldOne = new CountDownLatch(2);
        AtomicInteger runs = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> both = List.of(
                    threads.submit(() -> crossing(a, one, two, bothHoldOne, runs)),
                    threads.submit(() -> crossing(a, two, one, bothHoldOne, runs)));
            for (Future<Integer> each : both) {
                assertThat(each.get()).isEqualTo(1);
            }
        }
        assertThat(runs.get()).as("runs of the work").isGreaterThan(2);
        assertThat(count(a, "SELECT sum(max_sessions) FROM hosts")).isEqualTo(6);
    }

    private Integer crossing(OrgId org, UUID first, UUID second, CountDownLatch holding, AtomicInteger runs) {
        return store.<Integer>within(org, c -> {
            runs.incrementAndGet();
            update(c, "UPDATE hosts SET max_sessions = max_sessions + 1 WHERE id = ?", first);
            holding.countDown();
            try {
                holding.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return update(c, "UPDATE hosts SET max_sessions = max_sessions + 1 WHERE id = ?", second);
        });
    }

    @Test
    void however_many_wait_for_one_row_others_are_served_while_it_is_held() throws Exception {
        OrgId crowded = org();
        OrgId other = org();
        UUID row = UuidV7.next();
        insertHost(crowded, row);
        String wanted = "UPDATE hosts SET max_sessions = 2 WHERE id = ?";
        List<Future<Integer>> waiting;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try (Connection holder = database.owner().getConnection()) {
                holder.setAutoCommit(false);
                update(holder, "UPDATE nvremote.hosts SET max_sessions = 3 WHERE id = ?", row);
                waiting = IntStream.range(0, 64)
                        .mapToObj(
                                i -> threads.submit(() -> store.<Integer>within(crowded, c -> update(c, wanted, row))))
                        .toList();
                while (waitingForLocks() == 0) {
                    Clock.system().sleep(Duration.ofMillis(5));
                }
                assertThat(count(other, "SELECT count(*) FROM hosts")).isZero();
                assertThat(store.<Integer>global(c -> number(c, "SELECT 1"))).isEqualTo(1);
                while (!served(crowded)) {
                    Clock.system().sleep(Duration.ofMillis(20));
                }
                holder.rollback();
            }
            int done = 0;
            for (Future<Integer> each : waiting) {
                done += doneOrToldToTryAgain(each);
            }
            assertThat(done).as("of 64 that waited").isPositive();
        }
        assertThat(count(crowded, "SELECT max_sessions FROM hosts")).isEqualTo(2);
    }

    private int waitingForLocks() {
        return Integer.parseInt(
                database.valueAsOwner("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"));
    }

    private boolean served(OrgId org) {
        try {
            return count(org, "SELECT count(*) FROM hosts") == 1;
        } catch (StreamException e) {
            assertThat(e.code()).isEqualTo(StoreError.CONFLICT);
            return false;
        }
    }

    private static int doneOrToldToTryAgain(Future<Integer> work) throws Exception {
        try {
            return work.get();
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOfSatisfying(StreamException.class, s -> assertThat(s.code())
                    .isEqualTo(StoreError.CONFLICT));
            return 0;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO orgs (id, name, slug) VALUES (current_org(), ?, 'taken')",
                "INSERT INTO hosts (org_id, id, hostname, registered_at) VALUES (current_org(), ?::uuid, 'h', now())",
                "INSERT INTO hosts (org_id, id, hostname, registered_at, status) VALUES (current_org(), gen_random_uuid(), 'h', now(), ?)",
                "INSERT INTO orgs (id, name, slug) VALUES (NULL, ?, 'taken')",
                "INSERT INTO orgs (id, name, slug) VALUES (gen_random_uuid(), 'n', ?)",
                "SELECT ?::jsonb",
                "SELECT ?::timestamptz"
            })
    void a_refused_statement_tells_nothing_of_its_values(String statement) {
        assertThatThrownBy(() -> store.<Integer>within(org(), c -> update(c, statement, "s3cret value")))
                .isInstanceOf(StreamException.class)
                .satisfies(e -> {
                    StringWriter told = new StringWriter();
                    e.printStackTrace(new PrintWriter(told));
                    assertThat(told.toString()).doesNotContain("s3cret").contains("SQL state");
                });
    }

    @Test
    void a_database_that_is_killed_is_told_as_unavailable_and_is_back_by_itself() {
        OrgId a = org();
        insertHost(a, UuidV7.next());
        String before = started(a);
        database.kill();
        long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (!back(a, before)) {
            assertThat(System.nanoTime()).as("waited 90 s").isLessThan(end);
            Clock.system().sleep(Duration.ofMillis(20));
        }
        assertThat(count(a, "SELECT count(*) FROM hosts")).isEqualTo(1);
        assertThat(store.ready()).isTrue();
    }

    private boolean back(OrgId org, String before) {
        try {
            return !started(org).equals(before);
        } catch (StreamException e) {
            assertThat(e.code()).as(e.toString()).isEqualTo(StoreError.UNAVAILABLE);
            return false;
        }
    }

    private String started(OrgId org) {
        return store.<String>within(org, c -> {
            try (PreparedStatement statement = c.prepareStatement("SELECT pg_postmaster_start_time()");
                    ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        });
    }

    @Test
    void a_database_that_is_down_at_the_start_is_told_in_bounded_time() {
        var nowhere = new org.postgresql.ds.PGSimpleDataSource();
        nowhere.setPortNumbers(new int[] {1});
        nowhere.setServerNames(new String[] {"127.0.0.1"});
        nowhere.setConnectTimeout(1);
        PostgresStore down = new PostgresStore(
                new StoreSettings(2, Duration.ofMillis(500), Duration.ofSeconds(5)),
                nowhere,
                nowhere,
                Clock.system(),
                List.of());
        try {
            assertThat(down.ready()).isFalse();
            assertThatThrownBy(() -> down.global(c -> 1))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(StoreError.UNAVAILABLE));
        } finally {
            down.close();
        }
    }

    @Test
    void an_application_role_that_owns_the_schema_is_refused() {
        PostgresStore store = new PostgresStore(
                new StoreSettings(2, Duration.ofSeconds(5), Duration.ofSeconds(5)),
                database.owner(),
                database.owner(),
                Clock.system(),
                List.of(new StoreSchema(), new FixtureSchema()));
        try {
            assertThatThrownBy(() -> {
                        Clock.system().sleep(Duration.ofMillis(200));
                        store.global(c -> 1);
                    })
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(StoreError.MIGRATION_FAILED));
        } finally {
            store.close();
        }
    }

    @Test
    void a_second_start_finds_the_schema_current() {
        PostgresStore second = new PostgresStore(
                new StoreSettings(2, Duration.ofSeconds(20), Duration.ofSeconds(5)),
                database.owner(),
                database.app(),
                Clock.system(),
                List.of(new StoreSchema(), new FixtureSchema()));
        try {
            assertThat(second.<Integer>global(c -> number(c, "SELECT 1"))).isEqualTo(1);
        } finally {
            second.close();
        }
    }

    private OrgId org() {
        OrgId org = OrgId.next();
        store.<Integer>within(
                org,
                c -> update(
                        c,
                        "INSERT INTO orgs (id, name, slug) VALUES (?, 'Org', 'o-' || gen_random_uuid())",
                        org.value()));
        return org;
    }

    private void insertHost(OrgId org, UUID host) {
        insertHost(org, org, host);
    }

    private void insertHost(OrgId as, OrgId org, UUID host) {
        store.<Integer>within(as, c -> insert(c, org, host));
    }

    private static int insert(Connection c, OrgId org, UUID host) throws SQLException {
        return update(
                c,
                "INSERT INTO hosts (org_id, id, hostname, registered_at) VALUES (?, ?, 'host', now())",
                org.value(),
                host);
    }

    private int count(OrgId org, String query) {
        return store.<Integer>within(org, c -> number(c, query));
    }

    private static int number(Connection connection, String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query);
                ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }
}
