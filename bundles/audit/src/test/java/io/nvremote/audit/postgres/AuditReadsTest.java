// SPDX-License-Identifier: Apache-2.0
package io.nvremote.audit.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.audit.AuditEvent.Outcome;
import io.nvremote.audit.AuditFilter;
import io.nvremote.audit.AuditPosition;
import io.nvremote.audit.AuditQuery;
import io.nvremote.audit.AuditRecord;
import io.nvremote.audit.AuditSpan;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.core.OrgId;
import io.nvremote.core.SessionId;
import io.nvremote.store.postgres.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Queries over a log of 24,000 rows of two organisations: which rows, and how many of them are touched. */
@ExtendWith(TestDatabase.Once.class)
@TestDatabase.With(AuditSchema.class)
class AuditReadsTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int ROWS = 12_000;
    private static final int EVERY = 10; // seconds from row to row; two rows of each instant
    private static final OrgId ORG = OrgId.next();
    private static final OrgId OTHER = OrgId.next();

    private final TestDatabase database;
    private final AuditTrail audit;

    AuditReadsTest(TestDatabase database) {
        this.database = database;
        audit = new PostgresAudit(database.store());
        if (database.valueAsOwner("SELECT count(*) FROM audit_log WHERE org_id = '" + ORG + "'")
                .equals("0")) {
            fill(ORG);
            fill(OTHER);
            database.asOwner("ANALYZE audit_log");
        }
    }

    /** Rows whose fields repeat at different intervals, and whose hashes nobody looks at here. */
    private void fill(OrgId org) {
        database.asOwner("INSERT INTO audit_heads VALUES ('" + org + "', " + ROWS + ", repeat('0', 64))");
        database.asOwner(
                "INSERT INTO audit_log (org_id, seq, at, event_type, actor_type, actor_id, outcome, resource_type, resource_id,"
                        + " session_id, context, prev_hash, hash) SELECT '" + org + "', n, '" + START
                        + "'::timestamptz + (n / 2) * interval '" + EVERY + " seconds',"
                        + " CASE WHEN n % 40 = 0 THEN 'HOST_RENAMED' ELSE 'HOST_ONLINE' END, 'USER',"
                        + " ('00000000-0000-0000-0000-' || lpad((n % 200)::text, 12, '0'))::uuid,"
                        + " CASE WHEN n % 60 = 0 THEN 'FAILURE' ELSE 'SUCCESS' END, 'host', 'host-' || n % 300,"
                        + " ('00000000-0000-7000-8000-' || lpad((n % 400)::text, 12, '0'))::uuid, '{}',"
                        + " repeat('0', 64), repeat('0', 64) FROM generate_series(1, " + ROWS + ") n");
    }

    private static AuditQuery all() {
        return AuditQuery.of(START, START.plusSeconds((long) ROWS * EVERY));
    }

    private static UUID id(String middle, int n) {
        return UUID.fromString("00000000-0000-" + middle + "-" + String.format("%012d", n));
    }

    private static Arguments asked(String index, AuditFilter filter, Predicate<Long> fits) {
        return Arguments.of(index, filter, fits);
    }

    static Stream<Arguments> filters() {
        AuditFilter.Resource host = new AuditFilter.Resource("host", "host-7");
        return Stream.of(
                asked("audit_log_time", AuditFilter.ALL, n -> true),
                asked(
                        "audit_log_event",
                        new AuditFilter(AuditType.HOST_RENAMED, null, null, null, null),
                        n -> n % 40 == 0),
                asked(
                        "audit_log_actor",
                        new AuditFilter(null, id("0000-0000", 7), null, null, null),
                        n -> n % 200 == 7),
                asked("audit_log_resource", new AuditFilter(null, null, host, null, null), n -> n % 300 == 7),
                asked(
                        "audit_log_session",
                        new AuditFilter(null, null, null, new SessionId(id("7000-8000", 7)), null),
                        n -> n % 400 == 7),
                asked("audit_log_outcome", new AuditFilter(null, null, null, null, Outcome.FAILURE), n -> n % 60 == 0));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void a_query_gives_every_row_that_fits_once_in_the_order_of_time(
            String index, AuditFilter filter, Predicate<Long> fits) {
        List<Long> read = new ArrayList<>();
        AuditQuery query = all().only(filter).page(null, 33);
        for (List<AuditRecord> page = audit.read(ORG, query); !page.isEmpty(); page = audit.read(ORG, query)) {
            page.forEach(row -> read.add(row.sequence()));
            assertThat(page).hasSizeLessThanOrEqualTo(33);
            assertThat(read).as("a page that comes again").doesNotHaveDuplicates();
            query = query.page(page.getLast().position(), 33);
        }
        assertThat(read)
                .containsExactlyElementsOf(Stream.iterate(1L, n -> n <= ROWS, n -> n + 1)
                        .filter(fits)
                        .toList());
    }

    @Test
    void a_range_has_its_first_instant_and_not_its_last_and_filters_join() {
        Instant from = START.plusSeconds(EVERY * 10L);
        assertThat(audit.read(ORG, AuditQuery.of(from, from.plusSeconds(EVERY))))
                .extracting(AuditRecord::sequence)
                .containsExactly(20L, 21L);
        AuditFilter both = new AuditFilter(AuditType.HOST_RENAMED, null, null, null, Outcome.FAILURE);
        assertThat(audit.read(ORG, all().only(both)))
                .hasSize(ROWS / 120)
                .allSatisfy(row -> assertThat(row.sequence() % 120).isZero());
        assertThat(audit.read(OrgId.next(), all())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("filters")
    void a_page_reads_along_its_index_and_touches_no_row_that_it_does_not_give(
            String index, AuditFilter filter, Predicate<Long> fits) {
        // From the middle of the log, and a later page: what is before must cost nothing.
        Instant middle = START.plusSeconds(ROWS / 4L * EVERY);
        AuditQuery first = AuditQuery.of(middle, middle.plusSeconds(ROWS / 4L * EVERY))
                .only(filter)
                .page(null, 5);
        AuditPosition later = audit.read(ORG, first).getLast().position();
        for (AuditQuery query : List.of(first, first.page(later, 5))) {
            String plan = plan(AuditReads.of(ORG, query));
            assertThat(plan)
                    .contains("Index Scan using " + index + " ")
                    .doesNotContain("Seq Scan")
                    .doesNotContain("Sort")
                    .doesNotContain("Bitmap")
                    .doesNotContain("Rows Removed");
            assertThat(plan)
                    .as("the page's rows and no more")
                    .containsPattern(index + " on audit_log l \\(actual rows=5[. ]");
        }
    }

    @Test
    void a_span_has_the_first_and_the_last_number_of_a_range_and_reads_no_row_outside_of_it() {
        Instant from = START.plusSeconds(ROWS / 4L * EVERY);
        Instant to = from.plusSeconds(10L * EVERY);
        AuditSpan span = audit.span(ORG, from, to);
        assertThat(span.first()).isEqualTo(ROWS / 2);
        assertThat(span.last()).isEqualTo(ROWS / 2 + 19);
        assertThat(span.count()).isEqualTo(20);
        assertThat(plan(AuditReads.span(ORG, from, to)))
                .contains("using audit_log_time ")
                .containsPattern("audit_log l \\(actual rows=20[. ]")
                .doesNotContain("Seq Scan on audit_log")
                .doesNotContain("audit_log_pkey");
        AuditSpan none = audit.span(ORG, START.minusSeconds(60), START);
        assertThat(none.count()).isZero();
        assertThat(none.last()).isLessThan(none.first());
    }

    @Test
    void a_chain_is_read_by_its_numbers_from_any_one_on() {
        List<AuditRecord> rows = audit.chain(ORG, 7_000);
        assertThat(rows).hasSize(AuditTrail.CHUNK);
        assertThat(rows.getFirst().sequence()).isEqualTo(7_000);
        assertThat(rows.getLast().sequence()).isEqualTo(7_000L + AuditTrail.CHUNK - 1);
        assertThat(audit.chain(ORG, ROWS)).extracting(AuditRecord::sequence).containsExactly((long) ROWS);
        assertThat(audit.chain(ORG, ROWS + 1L)).isEmpty();
        assertThat(plan(AuditReads.chain(ORG, 7_000)))
                .contains("using audit_log_pkey ")
                .containsPattern("audit_log l \\(actual rows=500[. ]")
                .doesNotContain("Sort");
    }

    /** As the application asks: bound by row-level security, each value bound. */
    private String plan(AuditReads reads) {
        return database.store().within(ORG, transaction -> {
            try (var statement = transaction.prepareStatement(
                    "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) " + reads.sql())) {
                for (int i = 0; i < reads.values().size(); i++) {
                    statement.setObject(i + 1, reads.values().get(i));
                }
                StringBuilder plan = new StringBuilder();
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        plan.append(rows.getString(1)).append('\n');
                    }
                }
                return plan.toString();
            }
        });
    }
}
