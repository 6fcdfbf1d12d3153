// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.viewer.ViewerError;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** The codes of RFC 6749 section 4.1.2.1, of OpenID Connect Core section 3.1.2.6, and none of them. */
    @ParameterizedTest(name = "{1} {0}")
    @CsvSource({
        "access_denied, SIGN_IN_FAILED, did not let you in",
        "temporarily_unavailable, SIGN_IN_UNAVAILABLE, at this moment",
        "server_error, SIGN_IN_UNAVAILABLE, failed to sign you in",
        "invalid_request, SIGN_IN_FAILED, needs an update",
        "unauthorized_client, SIGN_IN_FAILED, needs an update",
        "unsupported_response_type, SIGN_IN_FAILED, needs an update",
        "invalid_scope, SIGN_IN_FAILED, needs an update",
        "interaction_required, SIGN_IN_FAILED, wants something of you",
        "login_required, SIGN_IN_FAILED, wants something of you",
        "account_selection_required, SIGN_IN_FAILED, wants something of you",
        "consent_required, SIGN_IN_FAILED, wants something of you",
        "invalid_request_uri, SIGN_IN_FAILED, needs an update",
        "invalid_request_object, SIGN_IN_FAILED, needs an update",
        "request_not_supported, SIGN_IN_FAILED, needs an update",
        "request_uri_not_supported, SIGN_IN_FAILED, needs an update",
        "registration_not_supported, SIGN_IN_FAILED, needs an update",
        "<b>evil</b>, SIGN_IN_FAILED, 'refused: bevilb'",
        "'', SIGN_IN_FAILED, refused"
    })
    void every_refusal_is_said_in_words_and_what_can_pass_as_something_that_can(
            String error, ViewerError code, String words) {
        Map<String, String> answer = browse();
        answer.put("error", error);
        assertThatThrownBy(() -> signIn.finish(answer))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(words);
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
                .isEqualTo(ViewerError.SIGN_IN_REQUIRED));
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
                .isEqualTo(ViewerError.CONTROL_PLANE_UNREACHABLE));
        assertThat(signIn.signedIn()).isTrue();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "502, <html>Bad Gateway</html>",
        "503, <html>Service Unavailable</html>",
        "504, ''",
        "503, '{\"error\":{\"code\":\"UNAVAILABLE\",\"message\":\"the database is away\"}}'",
        "500, '{\"error\":{\"code\":\"INTERNAL\",\"message\":\"x\"}}'",
        "429, '{\"error\":{\"code\":\"TOO_MANY_REQUESTS\",\"message\":\"x\"}}'",
        "401, <html>401 Authorization Required</html>",
        "403, <html>blocked by a firewall</html>",
        "404, <html>404 page not found</html>",
        "407, ''",
        "200, <html>Please log in to this hotspot</html>",
        "200, '{}'",
        "200, '{\"error\":'",
        "302, ''"
    })
    void a_failure_while_renewing_is_no_refusal(int status, String body) {
        signIn.finish(browse());
        control.refresh = new FakeControlPlane.Odd(status, body);
        hands.turn(Duration.ofSeconds(850));
        assertThat(signIn.token().reveal()).isEqualTo("access");
        hands.turn(Duration.ofSeconds(100));
        assertThatThrownBy(signIn::token).isInstanceOf(StreamException.class);
        assertThat(signIn.signedIn()).isTrue();
        control.refresh = null;
        assertThat(signIn.token().reveal()).isEqualTo("access");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "401, REFRESH_INVALID",
        "401, REFRESH_REUSED",
        "404, USER_UNKNOWN",
        "403, USER_DISABLED",
        "400, FIELD_INVALID"
    })
    void what_the_control_plane_itself_refuses_ends_the_sign_in(int status, String code) {
        signIn.finish(browse());
        control.refresh =
                new FakeControlPlane.Odd(status, "{\"error\":{\"code\":\"" + code + "\",\"message\":\"no\"}}");
        hands.turn(Duration.ofSeconds(850));
        assertThatThrownBy(signIn::token).isInstanceOf(StreamException.class);
        assertThat(signIn.signedIn()).isFalse();
    }

    @Test
    void an_answer_that_was_lost_is_asked_for_again_with_the_same_attempt_and_the_next_token_has_another() {
        signIn.finish(browse());
        control.refresh = new FakeControlPlane.Odd(502, "");
        hands.turn(Duration.ofSeconds(850));
        signIn.token();
        signIn.token();
        control.refresh = null;
        signIn.token();
        hands.turn(Duration.ofSeconds(850));
        signIn.token();
        assertThat(control.attempts).hasSize(4).allMatch(attempt -> attempt.length() == 43);
        assertThat(control.attempts.subList(0, 3)).containsOnly(control.attempts.getFirst());
        assertThat(control.attempts.getLast()).isNotEqualTo(control.attempts.getFirst());
    }

    @Test
    void a_token_that_is_refused_before_its_time_is_renewed_once_and_the_call_made_again() {
        signIn.finish(browse());
        control.access = "another";
        assertThat(rest.get("/users/me", signIn.token())
                        .path("user")
                        .path("name")
                        .asText())
                .isEqualTo("Ada");
        assertThat(control.calls).containsOnlyOnce("POST /api/v1/auth/refresh");
        control.refuseAll = true;
        control.access = "a third";
        control.calls.clear();
        assertThatThrownBy(() -> rest.get("/users/me", signIn.token()))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(ViewerError.SIGN_IN_REQUIRED));
        assertThat(control.calls)
                .containsExactly("GET /api/v1/users/me", "POST /api/v1/auth/refresh", "GET /api/v1/users/me");
        assertThat(signIn.signedIn())
                .as("refused by one call, not by the renewal")
                .isTrue();
    }

    @Test
    void a_sign_in_that_was_ended_is_over_at_the_first_call() {
        signIn.finish(browse());
        control.refuseAll = true;
        control.refuseRefresh = true;
        assertThatThrownBy(() -> rest.get("/users/me", signIn.token())).isInstanceOf(StreamException.class);
        assertThat(signIn.signedIn()).isFalse();
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
        return new HashMap<>(control.person(start));
    }

    private void assertRefused(Map<String, String> answer) {
        assertThatThrownBy(() -> signIn.finish(answer))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(ViewerError.SIGN_IN_FAILED));
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
