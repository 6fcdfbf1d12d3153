// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Three deaths within a minute, and ten minutes of rest. */
class CrashRecordTest {

    private final CrashRecord record = new CrashRecord(WorkerSettings.standard());

    private static long at(long seconds) {
        return Duration.ofSeconds(seconds).toNanos() - Duration.ofDays(1).toNanos(); // a clock may begin below 0
    }

    @Test
    void the_third_death_within_the_window_is_one_too_many_and_says_what_was_the_last() {
        assertThat(record.died(at(0), "first")).isFalse();
        assertThat(record.died(at(30), "second")).isFalse();
        assertThat(record.quarantined(at(30))).isNull();
        assertThat(record.died(at(59), "ended by signal 11")).isTrue();
        assertThat(record.quarantined(at(59))).contains("3 times", "ended by signal 11");
        assertThat(record.total()).isEqualTo(3);
    }

    @Test
    void deaths_that_lie_further_apart_are_no_reason() {
        for (int i = 0; i < 50; i++) {
            assertThat(record.died(at(31L * i), "again")).isFalse();
        }
        assertThat(record.total()).isEqualTo(50);
    }

    @Test
    void a_quarantine_ends_and_the_count_begins_anew() {
        for (int i = 0; i < 3; i++) {
            record.died(at(i), "");
        }
        assertThat(record.died(at(3), "one that was still on its way")).isFalse();
        assertThat(record.quarantined(at(2 + 600))).isNotNull();
        assertThat(record.quarantined(at(2 + 601))).isNull();
        assertThat(record.died(at(2 + 602), "")).isFalse();
        assertThat(record.quarantined(at(2 + 603))).isNull();
    }

    @Test
    void spares_come_slower_the_more_die() {
        assertThat(record.pause(at(0))).isZero();
        Duration[] expected = {
            Duration.ZERO, Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(8), Duration.ofSeconds(8)
        };
        for (int i = 0; i < expected.length; i++) {
            record.died(at(i), "");
            assertThat(record.pause(at(i))).isEqualTo(expected[i]);
        }
        assertThat(record.pause(at(120))).isZero();
    }
}
