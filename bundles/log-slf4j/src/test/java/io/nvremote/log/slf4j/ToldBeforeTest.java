// SPDX-License-Identifier: Apache-2.0
package io.nvremote.log.slf4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ToldBeforeTest {

    private long nanos;

    private final ToldBefore told = new ToldBefore(new Clock() {
        @Override
        public Instant instant() {
            return Instant.EPOCH;
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void sleep(Duration duration) {
            nanos += duration.toNanos();
        }
    });

    private static String failure(int component) {
        return "[io.nvremote.x.Port(" + component + ")] : The constructor threw: TCP port 443 can't be opened";
    }

    @Test
    void a_component_that_is_tried_for_hours_is_told_once() {
        assertThat(told.isNews(failure(1))).isTrue();
        for (int i = 2; i < 500; i++) {
            nanos += Duration.ofSeconds(30).toNanos();
            assertThat(told.isNews(failure(i))).as("attempt %d", i).isFalse();
        }
        assertThat(told.isNews("[io.nvremote.x.Port(1)] : another reason")).isTrue();
        nanos += Duration.ofMinutes(6).toNanos();
        assertThat(told.isNews(failure(500))).as("it was well in between").isTrue();
    }

    @Test
    void memory_is_bounded() {
        assertThat(told.isNews("first")).isTrue();
        for (int i = 0; i < 10_000; i++) {
            told.isNews("line x" + i);
        }
        assertThat(told.isNews("first"))
                .as("forgotten among ten thousand others")
                .isTrue();
    }
}
