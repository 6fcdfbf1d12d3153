// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetriesTest {

    private final Retries retries = new Retries();

    private List<Long> tried(String name, int seconds) {
        List<Long> at = new ArrayList<>();
        for (long second = 0; second < seconds; second++) {
            if (retries.due(Set.of(name), Duration.ofSeconds(second).toNanos()).contains(name)) {
                at.add(second);
            }
        }
        return at;
    }

    @Test
    void a_failed_part_is_tried_less_and_less_often_but_for_ever() {
        assertThat(tried("port", 200)).containsExactly(2L, 6L, 14L, 30L, 60L, 90L, 120L, 150L, 180L);
    }

    @Test
    void a_part_that_ran_in_between_begins_anew() {
        tried("port", 200);
        retries.forget("port");
        assertThat(tried("port", 10)).containsExactly(2L, 6L);
    }
}
