// SPDX-License-Identifier: Apache-2.0
package io.nvremote.audit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.audit.AuditError;
import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditQuery;
import io.nvremote.audit.AuditRecord;
import io.nvremote.audit.AuditSpan;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.audit.ChainReport;
import io.nvremote.core.Actor;
import io.nvremote.core.OrgId;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.UuidV7;
import io.nvremote.store.Store;
import io.nvremote.store.postgres.TestDatabase;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TestDatabase.Once.class)
@TestDatabase.With(AuditSchema.class)
class PostgresAuditTest {

    private static final Instant LONG_AGO = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant FAR_AHEAD = Instant.parse("2200-01-01T00:00:00Z");

    private static final AuditQuery EVER = AuditQuery.of(LONG_AGO, FAR_AHEAD);

    private final TestDatabase database;
    private final Store store;
    private final AuditTrail audit;
    private final OrgId org = OrgId.next();

    PostgresAuditTest(TestDatabase database) {
        this.database = database;
        this.store = database.store();
        this.audit = new PostgresAudit(store);
    }

    @Test
    void what_was_appended_is_read_back_as_it_was() throws Exception {
        AuditEvent event = new AuditEvent(
                org,
                AuditType.HOST_REGISTERED,
                new Actor(
                        Actor.Kind.USER,
                        UuidV7.next(),
                        "anna@example.org",
                        InetAddress.ofLiteral("2001:db8::1"),
                        "agent \"quoted\" \\ with\nnewline"),
                AuditEvent.Outcome.SUCCESS,
                "host",
                "the-host",
                SessionId.next(),
                Map.of("zeta", "1", "Ä", "ü 🎮 \u0001 \"x\"", "a", ""));
        audit.append(event);

        List<AuditRecord> rows = audit.read(org, EVER);
        assertThat(rows).hasSize(1);
        assertThat(rows.getFirst().event()).isEqualTo(event);
        assertThat(rows.getFirst().sequence()).isEqualTo(1);
        assertThat(rows.getFirst().previousHash()).isEqualTo("0".repeat(64));
        assertThat(audit.verify(org)).isEqualTo(new ChainReport(1, null, "all 1 rows fit"));
    }

    @Test
    void what_is_rolled_back_leaves_no_row_and_no_gap() {
        append(2);
        assertThatThrownBy(() -> store.within(org, transaction -> {
                    audit.append(transaction, event("rolled back"));
                    throw new IllegalStateException("after the append");
                }))
                .hasMessage("after the append");
        append(1);
        assertThat(audit.verify(org)).isEqualTo(new ChainReport(3, null, "all 3 rows fit"));
    }

    @Test
    void appends_from_many_threads_make_one_chain_without_gaps() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                all.add(threads.submit(() -> append(5)));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        assertThat(audit.verify(org).whole()).isTrue();
        assertThat(audit.verify(org).length()).isEqualTo(160);
        assertThat(audit.chain(org, 1))
                .as("the order of time is the chain's")
                .isSortedAccordingTo(Comparator.comparing(AuditRecord::at));
    }

    @Test
    void pages_follow_each_other() {
        append(7);
        List<AuditRecord> first = audit.read(org, EVER.page(null, 4));
        List<AuditRecord> second = audit.read(org, EVER.page(first.getLast().position(), 4));
        assertThat(first).extracting(AuditRecord::sequence).containsExactly(1L, 2L, 3L, 4L);
        assertThat(second).extracting(AuditRecord::sequence).containsExactly(5L, 6L, 7L);
        assertThat(audit.read(OrgId.next(), EVER)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE audit_log SET context = '{\"n\": \"other\"}' WHERE seq = 3 AND org_id = '%s'",
                "UPDATE audit_log SET at = at + interval '1 microsecond' WHERE seq = 3 AND org_id = '%s'",
                "UPDATE audit_log SET actor_id = gen_random_uuid() WHERE seq = 3 AND org_id = '%s'",
                "UPDATE audit_log SET outcome = 'FAILURE' WHERE seq = 3 AND org_id = '%s'",
                "UPDATE audit_log SET event_type = 'OTHER' WHERE seq = 3 AND org_id = '%s'",
                "DELETE FROM audit_log WHERE seq = 3 AND org_id = '%s'",
                "UPDATE audit_log SET hash = repeat('a', 64) WHERE seq = 3 AND org_id = '%s'"
            })
    void a_changed_or_removed_row_is_found(String tampering) {
        append(5);
        tamper(tampering.formatted(org));
        ChainReport report = audit.verify(org);
        assertThat(report.brokenAt()).as(report.finding()).isEqualTo(3);
    }

    @Test
    void removed_newest_rows_are_found() {
        append(5);
        tamper("DELETE FROM audit_log WHERE seq > 3 AND org_id = '" + org + "'");
        assertThat(audit.verify(org).brokenAt()).isEqualTo(4);
    }

    @Test
    void a_chain_of_another_organisation_can_not_be_written() {
        AuditEvent foreign = AuditEvent.of(OrgId.next(), AuditType.ORG_CREATED, Actor.SYSTEM, "org", "x");
        assertThatThrownBy(() -> store.within(org, transaction -> {
                    audit.append(transaction, foreign);
                    return true;
                }))
                .hasStackTraceContaining("row-level security");
    }

    @Test
    void a_span_of_a_growing_chain_ends_where_the_chain_did_and_has_no_hole() throws Exception {
        assertThat(audit.span(org, LONG_AGO, FAR_AHEAD)).isEqualTo(new AuditSpan(1, 0, 0, "0".repeat(64)));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(threads.submit(() -> append(10)));
            }
            AuditSpan span;
            do {
                span = audit.span(org, LONG_AGO, FAR_AHEAD);
                long last = span.last();
                List<AuditRecord> rows = audit.chain(org, 1).stream()
                        .filter(row -> row.sequence() <= last)
                        .toList();
                assertThat(rows).hasSize((int) span.count());
                assertThat(span.last()).isEqualTo(span.end());
                assertThat(span.endHash())
                        .isEqualTo(
                                rows.isEmpty() ? "0".repeat(64) : rows.getLast().hash());
            } while (span.count() < 80 && !all.stream().allMatch(Future::isDone));
            for (Future<?> each : all) {
                each.get();
            }
        }
        assertThat(audit.span(org, LONG_AGO, FAR_AHEAD).count()).isEqualTo(80);
        assertThat(audit.span(OrgId.next(), LONG_AGO, FAR_AHEAD).count()).isZero();
    }

    @Test
    void a_query_without_a_sound_range_or_size_is_refused() {
        Instant year = Instant.parse("+10000-01-01T00:00:00Z");
        for (Callable<AuditQuery> refused : List.<Callable<AuditQuery>>of(
                () -> AuditQuery.of(FAR_AHEAD, LONG_AGO),
                () -> AuditQuery.of(LONG_AGO, LONG_AGO),
                () -> AuditQuery.of(Instant.EPOCH.minusNanos(1), LONG_AGO),
                () -> AuditQuery.of(LONG_AGO, year),
                () -> EVER.page(null, 0),
                () -> EVER.page(null, AuditTrail.PAGE + 1))) {
            assertThatThrownBy(refused::call).isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                    .isEqualTo(AuditError.RANGE_REFUSED));
        }
    }

    @Test
    void the_known_types_are_the_constants() {
        assertThat(AuditType.known())
                .contains(AuditType.USER_LOGIN, AuditType.USER_UPDATED)
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(40);
    }

    @Test
    void texts_that_the_database_can_not_hold_are_mended_before_they_are_hashed() {
        audit.append(event("nul \0 and lone \ud800 surrogate").with("long", "x".repeat(5_000)));
        assertThat(audit.verify(org).whole()).isTrue();
        assertThat(audit.read(org, EVER).getFirst().event().context().get("long"))
                .hasSize(1_024);
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            audit.append(event(Integer.toString(i)));
        }
    }

    private AuditEvent event(String text) {
        return AuditEvent.of(org, AuditType.ORG_UPDATED, Actor.SYSTEM, "org", org)
                .with("n", text);
    }

    private void tamper(String statement) {
        database.asOwner(
                "ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only",
                statement,
                "ALTER TABLE audit_log ENABLE TRIGGER audit_log_append_only");
    }
}
