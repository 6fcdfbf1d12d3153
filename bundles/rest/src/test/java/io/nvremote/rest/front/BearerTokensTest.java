// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.auth.AccessTokens;
import io.nvremote.auth.AuthError;
import io.nvremote.auth.Caller;
import io.nvremote.auth.SignIn;
import io.nvremote.core.Clock;
import io.nvremote.core.CoreError;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BearerTokensTest {

    private static final InetAddress HERE = InetAddress.ofLiteral("203.0.113.7");
    private static final int BURST = 300;
    private static final int PER_SECOND = 10;

    private final Caller ada =
            new Caller(new UserId(UUID.randomUUID()), UUID.randomUUID(), Instant.parse("2026-01-01T00:15:00Z"));
    private final Set<UUID> ended = new HashSet<>();
    private final Tokens tokens = new Tokens();
    private long nanos;
    private final BearerTokens bearer = new BearerTokens(
            tokens,
            (SignIn) Proxy.newProxyInstance(
                    SignIn.class.getClassLoader(),
                    new Class<?>[] {SignIn.class},
                    (proxy, method, arguments) -> !ended.contains(arguments[0])),
            new RestSettings(BURST, PER_SECOND),
            new Clock() {
                @Override
                public Instant instant() {
                    return Instant.EPOCH;
                }

                @Override
                public long nanos() {
                    return nanos;
                }

                @Override
                public void sleep(Duration duration) {}
            });

    /** Takes "good", and knows it from then on; counts the signatures it looked at. */
    private final class Tokens implements AccessTokens {
        private final Map<String, Caller> known = new HashMap<>();
        private int verified;

        @Override
        public Secret issue(UserId user, UUID signIn) {
            throw new AssertionError("nobody asked");
        }

        @Override
        public Caller verify(String token) {
            verified++;
            if (!token.equals("good")) {
                throw new StreamException(AuthError.TOKEN_INVALID, "no");
            }
            known.put(token, ada);
            return ada;
        }

        @Override
        public Optional<Caller> known(String token) {
            return Optional.ofNullable(known.get(token));
        }

        @Override
        public String keySet() {
            return "{}";
        }
    }

    private ErrorCode refusal(String token, InetAddress from) {
        try {
            bearer.caller(token, from);
        } catch (StreamException e) {
            return e.code();
        }
        throw new AssertionError(token + " was taken");
    }

    private void flood(InetAddress from) {
        for (int i = 0; i < BURST; i++) {
            assertThat(refusal("bad" + i, from)).isEqualTo(AuthError.TOKEN_INVALID);
        }
    }

    @Test
    void after_the_burst_bad_tokens_of_an_address_cost_no_signature_and_it_is_told_how_long_to_wait() {
        flood(HERE);
        assertThatThrownBy(() -> bearer.caller("one more", HERE)).isInstanceOfSatisfying(StreamException.class, e -> {
            assertThat(e.code()).isEqualTo(CoreError.TOO_MANY_REQUESTS);
            assertThat(e.retryAfter().orElseThrow()).isPositive().isLessThan(Duration.ofSeconds(1));
        });
        assertThat(tokens.verified).isEqualTo(BURST);
        nanos += Duration.ofSeconds(1).toNanos();
        for (int i = 0; i < PER_SECOND; i++) {
            assertThat(refusal("later" + i, HERE)).isEqualTo(AuthError.TOKEN_INVALID);
        }
        assertThat(refusal("again", HERE)).isEqualTo(CoreError.TOO_MANY_REQUESTS);
    }

    @Test
    void who_is_known_goes_through_behind_the_same_address() {
        assertThat(bearer.caller("good", HERE)).isSameAs(ada);
        flood(HERE);
        assertThat(refusal("bad", HERE)).isEqualTo(CoreError.TOO_MANY_REQUESTS);
        for (int i = 0; i < 2 * BURST; i++) {
            assertThat(bearer.caller("good", HERE)).isSameAs(ada);
        }
        ended.add(ada.signIn());
        assertThat(refusal("good", HERE)).as("known, but its sign-in is over").isEqualTo(AuthError.TOKEN_INVALID);
    }

    @Test
    void good_tokens_count_for_nothing() {
        for (int i = 0; i < 2 * BURST; i++) {
            tokens.known.clear(); // as many people behind one address who come for the first time
            assertThat(bearer.caller("good", HERE)).isSameAs(ada);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7,203.0.113.8,false",
        "2001:db8:1:2::1,2001:db8:1:2:ffff::9,true",
        "2001:db8:1:2::1,2001:db8:1:3::1,false"
    })
    void an_ipv6_customer_counts_as_one(String flooding, String other, boolean same) {
        flood(InetAddress.ofLiteral(flooding));
        assertThat(refusal("bad", InetAddress.ofLiteral(other)))
                .isEqualTo(same ? CoreError.TOO_MANY_REQUESTS : AuthError.TOKEN_INVALID);
    }
}
