// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LimitsTest {

    private static final long SECOND = 1_000_000_000L;

    private final AddressLimiter limiter = new AddressLimiter(3, 0.5);

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    @Test
    void a_burst_passes_and_the_next_is_told_how_long_to_wait() {
        InetAddress one = address("192.0.2.1");
        for (int i = 0; i < 3; i++) {
            limiter.take(one, 0);
        }
        assertThatThrownBy(() -> limiter.take(one, SECOND)).isInstanceOfSatisfying(StreamException.class, e -> {
            assertThat(e.code()).isEqualTo(CoreError.TOO_MANY_REQUESTS);
            assertThat(e.retryAfter()).contains(Duration.ofSeconds(1));
        });
        assertThatCode(() -> limiter.take(one, 2 * SECOND)).doesNotThrowAnyException();
    }

    @Test
    void one_address_takes_nothing_from_another_and_a_64_is_one() {
        for (int i = 0; i < 3; i++) {
            limiter.take(address("2001:db8::" + i), 0);
        }
        assertThat(limiter.tryTake(address("2001:db8::ffff"), 0)).isPositive();
        assertThat(limiter.tryTake(address("2001:db8:0:1::1"), 0)).isZero();
        assertThat(limiter.tryTake(address("192.0.2.1"), 0)).isZero();
        assertThat(limiter.tryTake(null, 0)).isZero();
    }

    @Test
    void after_the_burst_so_many_a_second_pass() {
        AddressLimiter two = new AddressLimiter(5, 2);
        InetAddress one = address("192.0.2.1");
        for (int i = 0; i < 5; i++) {
            assertThat(two.tryTake(one, 0)).isZero();
        }
        assertThat(two.tryTake(one, 0)).isPositive();
        assertThat(two.tryTake(one, SECOND / 2)).isZero();
        assertThat(two.tryTake(one, SECOND / 2)).isPositive();
    }

    @Test
    void a_check_counts_nothing() {
        InetAddress one = address("192.0.2.1");
        for (int i = 0; i < 10; i++) {
            limiter.check(one, 0);
        }
        for (int i = 0; i < 3; i++) {
            limiter.take(one, 0);
        }
        assertThatThrownBy(() -> limiter.check(one, 0)).isInstanceOf(StreamException.class);
    }

    @Test
    void memory_is_bounded_and_who_was_just_refused_stays_refused() {
        InetAddress one = address("192.0.2.1");
        for (int i = 0; i < AddressLimiter.MAX_ADDRESSES * 2; i++) {
            limiter.tryTake(address("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)), 0);
            limiter.tryTake(one, 0);
        }
        assertThat(limiter.tryTake(one, 0)).isPositive();
        assertThat(limiter.tryTake(address("10.0.0.0"), 0)).as("forgotten").isZero();
    }

    @Test
    void a_flood_of_refusals_is_counted_and_told_with_the_next_that_is_written() {
        RefusalBudget budget = new RefusalBudget(2, Duration.ofSeconds(10));
        assertThat(budget.write(0)).isEqualTo(OptionalLong.of(0));
        assertThat(budget.write(0)).isEqualTo(OptionalLong.of(0));
        for (int i = 0; i < 100; i++) {
            assertThat(budget.write(i)).isEmpty();
        }
        assertThat(budget.write(11 * SECOND)).isEqualTo(OptionalLong.of(100));
        assertThat(budget.write(12 * SECOND)).isEmpty();
    }
}
