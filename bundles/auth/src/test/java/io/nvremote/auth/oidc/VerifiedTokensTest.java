// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.auth.AccessTokens;
import io.nvremote.auth.AuthError;
import io.nvremote.auth.Caller;
import io.nvremote.core.Clock;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class VerifiedTokensTest {

    private static final UUID SIGN_IN = UUID.randomUUID();

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Counting counting = new Counting();
    private final VerifiedTokens tokens = new VerifiedTokens(counting, new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public void sleep(Duration duration) {}
    });

    /** Takes every text that begins with "good" and counts how often it was asked. */
    private final class Counting implements AccessTokens {

        private final Caller caller =
                new Caller(new UserId(UUID.randomUUID()), SIGN_IN, now.plus(AccessTokens.LIFETIME));
        private int asked;

        @Override
        public Secret issue(UserId user, UUID signIn) {
            return new Secret("good");
        }

        @Override
        public Caller verify(String token) {
            asked++;
            if (!token.startsWith("good") || !caller.expires().isAfter(now)) {
                throw new StreamException(AuthError.TOKEN_INVALID, "no");
            }
            return caller;
        }

        @Override
        public Optional<Caller> known(String token) {
            return Optional.empty();
        }

        @Override
        public String keySet() {
            return "{}";
        }
    }

    @Test
    void a_token_is_verified_once_until_it_expires() {
        for (int i = 0; i < 1000; i++) {
            assertThat(tokens.verify("good")).isSameAs(counting.caller);
        }
        assertThat(counting.asked).isEqualTo(1);
        now = counting.caller.expires();
        assertThatThrownBy(() -> tokens.verify("good")).isInstanceOf(StreamException.class);
        assertThat(tokens.known()).isZero();
    }

    @Test
    void what_was_made_or_verified_here_is_known_until_it_ends_and_nothing_else_is() {
        assertThat(tokens.known("good")).isEmpty();
        assertThat(tokens.issue(counting.caller.user(), SIGN_IN).reveal()).isEqualTo("good");
        assertThat(tokens.known("good")).contains(counting.caller);
        assertThat(tokens.known("good enough to be ours")).isEmpty();
        tokens.forget(SIGN_IN);
        assertThat(tokens.known("good")).isEmpty();
        tokens.verify("good");
        assertThat(tokens.known("good")).contains(counting.caller);
        now = counting.caller.expires();
        assertThat(tokens.known("good")).isEmpty();
    }

    @Test
    void a_token_is_verified_again_after_its_sign_in_ended() {
        tokens.verify("good");
        tokens.forget(UUID.randomUUID());
        tokens.verify("good");
        assertThat(counting.asked).isEqualTo(1);
        tokens.forget(SIGN_IN);
        tokens.verify("good");
        assertThat(counting.asked).isEqualTo(2);
    }

    @Test
    void what_is_refused_is_not_remembered_and_memory_is_bounded() {
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> tokens.verify("bad")).isInstanceOf(StreamException.class);
        }
        assertThat(tokens.known()).isZero();
        for (int i = 0; i < VerifiedTokens.MAX_KNOWN * 2; i++) {
            tokens.verify("good" + i);
        }
        assertThat(tokens.known()).isLessThanOrEqualTo(VerifiedTokens.MAX_KNOWN);
    }
}
