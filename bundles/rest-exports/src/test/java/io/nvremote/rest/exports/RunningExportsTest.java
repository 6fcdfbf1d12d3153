// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.exports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.audit.AuditError;
import io.nvremote.core.Clock;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RunningExportsTest {

    private static final Instant START = Instant.parse("2026-02-01T00:00:00Z");

    private Instant now = START;
    private final OrgId org = OrgId.next();
    private final RunningExports running = new RunningExports(new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public long nanos() {
            return Duration.between(START, now).toNanos();
        }

        @Override
        public void sleep(Duration time) {
            now = now.plus(time);
        }
    });

    private void refused(OrgId another) {
        assertThatThrownBy(() -> running.begin(another)).isInstanceOfSatisfying(StreamException.class, e -> {
            assertThat(e.code()).isEqualTo(AuditError.EXPORT_BUSY);
            assertThat(e.code().httpStatus()).isEqualTo(429);
            assertThat(e.retryAfter()).isPresent();
        });
    }

    @Test
    void an_organisation_has_one_until_it_ends() {
        Instant end = running.begin(org);
        refused(org);
        running.end(org, end);
        assertThat(running.begin(org)).isEqualTo(end);
    }

    @Test
    void so_many_organisations_have_one_and_no_more() {
        Instant end = running.begin(org);
        for (int i = 1; i < RunningExports.MOST; i++) {
            running.begin(OrgId.next());
        }
        refused(OrgId.next());
        running.end(org, end);
        running.begin(OrgId.next());
        refused(OrgId.next());
    }

    @Test
    void one_whose_end_nobody_told_of_counts_no_longer_than_it_may_run_and_its_end_ends_no_other() {
        Instant first = running.begin(org);
        now = first.minusNanos(1);
        assertThat(running.over(first)).isFalse();
        refused(org);
        now = first;
        assertThat(running.over(first)).isTrue();
        running.begin(org);
        running.end(org, first);
        refused(org);
    }
}
