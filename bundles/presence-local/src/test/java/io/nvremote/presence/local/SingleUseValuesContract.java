// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Clock;
import io.nvremote.presence.SingleUseValues;
import io.nvremote.presence.SingleUseValues.Limits;
import io.nvremote.presence.SingleUseValues.Namespace;
import io.nvremote.presence.SingleUseValues.Use;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every provider of {@link SingleUseValues} keeps. */
abstract class SingleUseValuesContract {

    private static final Duration LIFE = Duration.ofSeconds(60);
    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    private static final Limits LIMITS = new Limits(LIFE, REMEMBERED, 10, 4);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final TestClock clock = new TestClock();
    private final SingleUseValues values = provider(clock);
    private final Namespace codes = values.open("codes", LIMITS);

    abstract SingleUseValues provider(Clock time);

    private void fill(int from, int to) {
        for (int i = from; i < to; i++) {
            assertThat(codes.put("k" + i, "g" + i, "v" + i)).isTrue();
        }
    }

    /** The results of eight threads that start at once. */
    private static <T> List<T> race(Callable<T> each) throws Exception {
        int threads = 8;
        CyclicBarrier start = new CyclicBarrier(threads);
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(pool.submit(() -> {
                    start.await();
                    return each.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> result : running) {
                results.add(result.get());
            }
            return results;
        }
    }

    @Test
    void of_all_who_race_for_a_value_one_is_the_first() throws Exception {
        Namespace many = values.open("race", new Limits(LIFE, REMEMBERED, 1_000, 1_000));
        for (int i = 0; i < 200; i++) {
            String key = "k" + i;
            assertThat(many.put(key, "g", "v")).isTrue();
            List<Use> uses = race(() -> many.take(key));
            assertThat(uses).containsOnlyOnce(new Use.First("v")).contains(new Use.Again("v"));
            assertThat(uses).doesNotContain(new Use.Unknown());
            assertThat(race(() -> many.spend("s" + key))).containsOnlyOnce(true);
        }
    }

    @Test
    void however_many_put_at_once_a_group_gets_its_share_and_no_more() throws Exception {
        assertThat(race(() -> codes.put(UUID.randomUUID().toString(), "g", "v")))
                .filteredOn(kept -> kept)
                .hasSize(LIMITS.mostOfGroup());
    }

    @Test
    void a_value_can_be_taken_until_its_life_is_over() {
        fill(0, 2);
        clock.advance(LIFE.minus(MOMENT));
        assertThat(codes.take("k0")).isEqualTo(new Use.First("v0"));
        clock.advance(MOMENT);
        assertThat(codes.take("k1")).isEqualTo(new Use.Unknown());
        assertThat(codes.take("never put")).isEqualTo(new Use.Unknown());
    }

    @Test
    void a_use_is_remembered_with_its_value_for_its_time() {
        fill(0, 1);
        clock.advance(LIFE.minus(MOMENT));
        codes.take("k0");
        assertThat(codes.cameAgain("k0")).isFalse();
        clock.advance(REMEMBERED.minus(MOMENT));
        assertThat(codes.take("k0")).isEqualTo(new Use.Again("v0"));
        assertThat(codes.cameAgain("k0")).isTrue();
        clock.advance(MOMENT);
        assertThat(codes.take("k0")).isEqualTo(new Use.Unknown());
    }

    @Test
    void a_key_without_a_value_is_spent_once() {
        assertThat(codes.spend("state")).isTrue();
        clock.advance(REMEMBERED.minus(MOMENT));
        assertThat(codes.spend("state")).isFalse();
        assertThat(codes.put("state", "g", "v")).as("used already").isFalse();
        clock.advance(MOMENT);
        assertThat(codes.spend("state")).isTrue();
    }

    @Test
    void when_everything_is_full_the_newcomer_is_refused_and_nobody_is_put_out() {
        fill(0, LIMITS.most());
        assertThat(codes.put("more", "other", "v")).isFalse();
        assertThat(codes.spend("more")).isFalse();
        assertThat(codes.take("more")).isEqualTo(new Use.Unknown());
        for (int i = 0; i < LIMITS.most(); i++) {
            assertThat(codes.take("k" + i)).isEqualTo(new Use.First("v" + i));
        }
    }

    @Test
    void a_group_that_floods_fills_its_share_alone_and_gets_it_back() {
        for (int i = 0; i < 100; i++) {
            assertThat(codes.put("f" + i, "flood", "v")).isEqualTo(i < LIMITS.mostOfGroup());
        }
        fill(0, LIMITS.most() - LIMITS.mostOfGroup());
        codes.take("f0");
        assertThat(codes.put("taken makes room", "flood", "v")).isTrue();
        assertThat(codes.put("once", "flood", "v")).isFalse();
        clock.advance(LIFE);
        for (int i = 0; i < LIMITS.mostOfGroup(); i++) {
            assertThat(codes.put("after" + i, "flood", "v"))
                    .as("old ones make room")
                    .isTrue();
        }
        assertThat(codes.put("again no more", "flood", "v")).isFalse();
    }

    @Test
    void what_only_remembers_gives_way_to_what_waits_the_oldest_first() {
        fill(0, LIMITS.most());
        codes.take("k1");
        codes.take("k0");
        codes.take("k1"); // a use that comes again is no younger for it
        assertThat(codes.put("new", "g", "v")).isTrue();
        assertThat(codes.take("k1")).isEqualTo(new Use.Unknown());
        assertThat(codes.take("k0")).isEqualTo(new Use.Again("v0"));
        Namespace states = values.open("states", LIMITS);
        for (int i = 0; i < 3 * LIMITS.most(); i++) {
            assertThat(states.spend("s" + i)).isTrue();
        }
        assertThat(states.spend("s" + (2 * LIMITS.most()))).isFalse();
        assertThat(states.spend("s" + (2 * LIMITS.most() - 1))).isTrue();
    }

    @Test
    void a_key_is_known_once_and_a_value_is_small() {
        fill(0, 1);
        assertThat(codes.put("k0", "other", "forged")).isFalse();
        assertThat(codes.spend("k0")).isFalse();
        assertThat(codes.take("k0")).isEqualTo(new Use.First("v0"));
        assertThat(codes.put("k0", "other", "forged")).isFalse();
        String small = "x".repeat(SingleUseValues.MAX_VALUE);
        assertThat(codes.put("small", "g", small)).isTrue();
        assertThatThrownBy(() -> codes.put("large", "g", small + "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_name_stands_for_the_same_values_whoever_opens_it() {
        fill(0, 1);
        assertThat(values.open("others", LIMITS).take("k0")).isEqualTo(new Use.Unknown());
        assertThat(values.open("codes", LIMITS).take("k0")).isEqualTo(new Use.First("v0"));
        assertThat(codes.take("k0")).isEqualTo(new Use.Again("v0"));
        Limits wider = new Limits(LIFE, REMEMBERED, 11, 4);
        assertThatThrownBy(() -> values.open("codes", wider)).isInstanceOf(IllegalArgumentException.class);
    }
}
