// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.auth.AuthError;
import io.nvremote.auth.SignInRequest;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignInFlowTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String REDIRECT = "http://127.0.0.1:43210/callback";
    private static final Secret VERIFIER = new Secret("v".repeat(43));
    private static final UserId USER = new UserId(UUID.randomUUID());

    private final SignInFlow flow = new SignInFlow(URI.create("https://control.example"));

    private static SignInRequest request(String redirect) {
        return new SignInRequest(
                "code", "nvremote-client", redirect, SecureTokens.challenge(VERIFIER.reveal()), "S256", "client-state");
    }

    private String code() {
        SignInFlow.Begun begun = flow.begin(request(REDIRECT), NOW);
        String uri = flow.succeeded(flow.resume(begun.state(), NOW), USER, NOW).toString();
        assertThat(uri)
                .startsWith(REDIRECT + "?code=")
                .contains("&state=client-state&iss=https%3A%2F%2Fcontrol.example");
        return uri.substring(uri.indexOf("code=") + 5, uri.indexOf("&state"));
    }

    private static void refused(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    @Test
    void a_code_gives_its_user_once() {
        String code = code();
        assertThat(flow.redeem(code, VERIFIER, REDIRECT, NOW.plusSeconds(59))).isEqualTo(USER);
        refused(() -> flow.redeem(code, VERIFIER, REDIRECT, NOW.plusSeconds(59)), AuthError.SIGN_IN_EXPIRED);
    }

    @Test
    void a_code_older_than_60_seconds_is_refused() {
        String code = code();
        refused(() -> flow.redeem(code, VERIFIER, REDIRECT, NOW.plusSeconds(60)), AuthError.SIGN_IN_EXPIRED);
    }

    @Test
    void a_wrong_verifier_or_redirect_burns_the_code() {
        String first = code();
        refused(() -> flow.redeem(first, new Secret("w".repeat(43)), REDIRECT, NOW), AuthError.SIGN_IN_REQUEST_INVALID);
        refused(() -> flow.redeem(first, VERIFIER, REDIRECT, NOW), AuthError.SIGN_IN_EXPIRED);
        String second = code();
        refused(
                () -> flow.redeem(second, VERIFIER, "http://127.0.0.1:1/callback", NOW),
                AuthError.SIGN_IN_REQUEST_INVALID);
        refused(() -> flow.redeem(second, VERIFIER, REDIRECT, NOW), AuthError.SIGN_IN_EXPIRED);
    }

    @Test
    void a_state_works_once_and_for_ten_minutes() {
        SignInFlow.Begun begun = flow.begin(request(REDIRECT), NOW);
        flow.resume(begun.state(), NOW);
        refused(() -> flow.resume(begun.state(), NOW), AuthError.SIGN_IN_EXPIRED);
        SignInFlow.Begun late = flow.begin(request(REDIRECT), NOW);
        refused(() -> flow.resume(late.state(), NOW.plusSeconds(600)), AuthError.SIGN_IN_EXPIRED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1:1234/callback",
                "http://localhost:1234/callback",
                "http://127.0.0.1/callback",
                "http://127.0.0.1:1234@evil.example/",
                "http://127.0.0.1.evil.example:80/",
                "http://10.0.0.1:1234/",
                "http://127.0.0.1:70000/",
                "http://127.0.0.1:1234/?x=1",
                "http://127.0.0.1:1234/#f",
                "nvremote://callback",
                "http://[::2]:1/",
                "http://127.0.0.2:1234/"
            })
    void only_loopback_redirects_are_taken(String redirect) {
        refused(() -> flow.begin(request(redirect), NOW), AuthError.SIGN_IN_REQUEST_INVALID);
    }

    @Test
    void both_loopback_addresses_with_any_port_are_taken() {
        flow.begin(request("http://127.0.0.1:1/"), NOW);
        flow.begin(request("http://[::1]:65535/callback"), NOW);
    }

    @Test
    void plain_pkce_and_other_clients_are_refused() {
        refused(
                () -> flow.begin(
                        new SignInRequest("code", "nvremote-client", REDIRECT, "c".repeat(43), "plain", "statestate"),
                        NOW),
                AuthError.SIGN_IN_REQUEST_INVALID);
        refused(
                () -> flow.begin(
                        new SignInRequest("code", "other", REDIRECT, "c".repeat(43), "S256", "statestate"), NOW),
                AuthError.SIGN_IN_REQUEST_INVALID);
        refused(
                () -> flow.begin(
                        new SignInRequest("token", "nvremote-client", REDIRECT, "c".repeat(43), "S256", "statestate"),
                        NOW),
                AuthError.SIGN_IN_REQUEST_INVALID);
    }

    @Test
    void what_is_kept_is_bounded_and_the_oldest_goes() {
        SingleUseStore<Integer> kept = new SingleUseStore<>(3, java.time.Duration.ofSeconds(10));
        for (int i = 0; i < 5; i++) {
            kept.put("k" + i, i, NOW);
        }
        assertThat(kept.take("k0", NOW)).isNull();
        assertThat(kept.take("k1", NOW)).isNull();
        assertThat(kept.take("k4", NOW)).isEqualTo(4);
    }
}
