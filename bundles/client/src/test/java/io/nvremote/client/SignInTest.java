// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SignInTest {

    private static final String REDIRECT = "http://127.0.0.1:9/callback";

    private final Hands hands = new Hands();
    private FakeControlPlane control;
    private ControlPlane rest;
    private SignIn signIn;

    @BeforeEach
    void start() throws Exception {
        control = new FakeControlPlane();
        rest = new ControlPlane(control.base(), null);
        signIn = new SignIn(rest, rest.base(), hands);
    }

    @AfterEach
    void stop() {
        rest.close();
        control.close();
    }

    @Test
    void the_whole_flow_ends_with_a_token_that_no_text_shows() {
        signIn.finish(browse());
        assertThat(signIn.token().reveal()).isEqualTo("access");
        assertThat(signIn.token()).hasToString("***");
    }

    @Test
    void an_answer_is_good_once() {
        Map<String, String> answer = browse();
        signIn.finish(answer);
        assertRefused(answer);
    }

    @Test
    void a_foreign_state_issuer_or_error_signs_nobody_in() {
        Map<String, String> state = browse();
        state.put("state", "guess");
        assertRefused(state);
        Map<String, String> issuer = browse();
        issuer.put("iss", "https://evil.example");
        assertRefused(issuer);
        Map<String, String> error = browse();
        error.put("error", "access_denied");
        assertRefused(error);
        Map<String, String> late = browse();
        hands.turn(Duration.ofMinutes(11));
        assertRefused(late);
        assertThat(signIn.signedIn()).isFalse();
    }

    @Test
    void a_token_is_renewed_a_minute_before_it_ends_and_not_earlier() {
        signIn.finish(browse());
        hands.turn(Duration.ofSeconds(830));
        signIn.token();
        assertThat(control.calls).doesNotContain("POST /api/v1/auth/refresh");
        hands.turn(Duration.ofSeconds(15));
        signIn.token();
        assertThat(control.calls).contains("POST /api/v1/auth/refresh");
    }

    @Test
    void a_refused_renewal_ends_the_sign_in() {
        signIn.finish(browse());
        control.refuseRefresh = true;
        hands.turn(Duration.ofSeconds(890));
        assertThatThrownBy(signIn::token).isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                .isEqualTo(ClientError.SIGN_IN_REQUIRED));
        assertThat(signIn.signedIn()).isFalse();
    }

    @Test
    void a_control_plane_that_is_away_for_a_moment_does_not_sign_out() {
        signIn.finish(browse());
        control.close();
        hands.turn(Duration.ofSeconds(850));
        assertThat(signIn.token().reveal()).isEqualTo("access");
        hands.turn(Duration.ofSeconds(100));
        assertThatThrownBy(signIn::token).isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                .isEqualTo(ClientError.CONTROL_PLANE_UNREACHABLE));
        assertThat(signIn.signedIn()).isTrue();
    }

    @Test
    void signing_out_tells_the_control_plane() {
        signIn.finish(browse());
        signIn.signOut();
        assertThat(control.calls).contains("POST /api/v1/auth/logout");
        assertThat(signIn.signedIn()).isFalse();
    }

    private Map<String, String> browse() {
        URI start = signIn.begin(REDIRECT);
        assertThat(start.getQuery()).contains("code_challenge_method=S256").contains("client_id=nvremote-client");
        return new HashMap<>(new FormDriver(null, "ada@example.com").signIn(start, REDIRECT));
    }

    private void assertRefused(Map<String, String> answer) {
        assertThatThrownBy(() -> signIn.finish(answer))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(ClientError.SIGN_IN_FAILED));
    }

    /** A clock that only the test moves. */
    private static final class Hands implements Clock {
        private long nanos = 1_000;

        void turn(Duration by) {
            nanos += by.toNanos();
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(nanos);
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void sleep(Duration duration) {
            turn(duration);
        }
    }
}
