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
import io.nvremote.lib.tokens.SecureTokens;
import io.nvremote.presence.SingleUseValues;
import io.nvremote.presence.local.LocalSingleUseValues;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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

    private final TestClock clock = new TestClock();
    private final SignInFlow flow = new SignInFlow(
            URI.create("https://control.example"),
            new SealedRequests(DerivedKey.of(new byte[32], "test")),
            new LocalSingleUseValues(clock));

    private static SignInRequest request(String redirect) {
        return new SignInRequest(
                "code", "nvremote-client", redirect, SecureTokens.challenge(VERIFIER.reveal()), "S256", "client-state");
    }

    private Optional<URI> signedIn(UserId user) {
        SignInFlow.Begun begun = flow.begin(request(REDIRECT), NOW);
        return flow.succeeded(flow.resume(begun.state(), NOW), user);
    }

    private String code() {
        String uri = signedIn(USER).orElseThrow().toString();
        assertThat(uri)
                .startsWith(REDIRECT + "?code=")
                .contains("&state=client-state&iss=https%3A%2F%2Fcontrol.example");
        return uri.substring(uri.indexOf("code=") + 5, uri.indexOf("&state"));
    }

    private static void refused(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    private SignInFlow.Redeemed redeem(String code) {
        return flow.redeem(code, VERIFIER, REDIRECT);
    }

    @Test
    void a_code_gives_its_user_once_and_names_what_it_gave_when_it_comes_again() {
        String code = code();
        clock.advance(Duration.ofSeconds(59));
        SignInFlow.Redeemed first = redeem(code);
        assertThat(first).isInstanceOfSatisfying(SignInFlow.Redeemed.First.class, f -> assertThat(f.user())
                .isEqualTo(USER));
        assertThat(flow.cameAgain(code)).isFalse();
        UUID given = ((SignInFlow.Redeemed.First) first).signIn();
        assertThat(redeem(code)).isEqualTo(new SignInFlow.Redeemed.Again(given));
        clock.advance(Duration.ofMinutes(5));
        assertThat(redeem(code)).isEqualTo(new SignInFlow.Redeemed.Again(given));
        assertThat(flow.cameAgain(code)).as("who is served first can see it").isTrue();
    }

    @Test
    void a_code_older_than_60_seconds_is_refused() {
        String code = code();
        clock.advance(Duration.ofSeconds(60));
        refused(() -> redeem(code), AuthError.SIGN_IN_EXPIRED);
    }

    @Test
    void a_wrong_verifier_or_redirect_burns_the_code() {
        String first = code();
        refused(() -> flow.redeem(first, new Secret("w".repeat(43)), REDIRECT), AuthError.SIGN_IN_REQUEST_INVALID);
        assertThat(redeem(first)).isInstanceOf(SignInFlow.Redeemed.Again.class);
        String second = code();
        refused(() -> flow.redeem(second, VERIFIER, "http://127.0.0.1:1/callback"), AuthError.SIGN_IN_REQUEST_INVALID);
        assertThat(redeem(second)).isInstanceOf(SignInFlow.Redeemed.Again.class);
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
    void any_number_of_begun_sign_ins_puts_out_nobody() {
        SignInFlow.Begun early = flow.begin(request(REDIRECT), NOW);
        for (int i = 0; i < 10_001; i++) {
            flow.begin(request(REDIRECT), NOW);
        }
        assertThat(flow.resume(early.state(), NOW).begun()).isEqualTo(early);
    }

    @Test
    void a_state_that_we_did_not_seal_or_that_was_altered_is_refused() {
        String state = flow.begin(request(REDIRECT), NOW).state();
        SealedRequests others = new SealedRequests(DerivedKey.of(new byte[32], "another purpose"));
        List<String> wrong = List.of(
                "",
                "x",
                "AAAA",
                "!".repeat(50),
                state.substring(1),
                state.substring(0, state.length() - 4),
                (state.charAt(0) == 'A' ? "B" : "A") + state.substring(1),
                others.seal(request(REDIRECT), "n", new Secret("v"), NOW.plusSeconds(60)));
        for (String each : wrong) {
            refused(() -> flow.resume(each, NOW), AuthError.SIGN_IN_EXPIRED);
        }
        flow.resume(state, NOW);
    }

    @Test
    void the_longest_request_fits_the_parameter_it_travels_in() {
        SignInRequest longest = new SignInRequest(
                "code",
                "nvremote-client",
                "http://127.0.0.1:65535/" + "p".repeat(200),
                SecureTokens.challenge(VERIFIER.reveal()),
                "S256",
                "s".repeat(512));
        String state = flow.begin(longest, NOW).state();
        assertThat(state).hasSizeLessThan(1500);
        assertThat(flow.resume(state, NOW).request()).isEqualTo(longest);
    }

    @Test
    void a_user_whose_codes_nobody_uses_gets_no_more_until_they_are_used_or_old_and_others_get_theirs() {
        String first = code();
        for (int i = 1; i < OneTimeCodes.LIMITS.mostOfGroup(); i++) {
            code();
        }
        assertThat(signedIn(USER)).isEmpty();
        assertThat(signedIn(UserId.next())).isPresent();
        assertThat(redeem(first)).isInstanceOf(SignInFlow.Redeemed.First.class);
        assertThat(signedIn(USER)).isPresent();
        assertThat(signedIn(USER)).isEmpty();
        clock.advance(Duration.ofSeconds(60));
        assertThat(signedIn(USER)).isPresent();
    }

    @Test
    void sign_ins_that_were_finished_keep_nobody_from_signing_in_however_many() {
        for (int i = 0; i <= OneTimeCodes.LIMITS.most(); i++) {
            assertThat(redeem(code())).isInstanceOf(SignInFlow.Redeemed.First.class);
        }
    }

    @Test
    void what_is_kept_of_a_code_is_its_hash_alone() {
        LocalSingleUseValues values = new LocalSingleUseValues(clock);
        SingleUseValues.Namespace kept = values.open("auth.codes", OneTimeCodes.LIMITS);
        String code = new OneTimeCodes(values)
                .issue(new OneTimeCodes.Ticket(USER, REDIRECT, "c".repeat(43)))
                .orElseThrow();
        assertThat(kept.take(code)).isEqualTo(new SingleUseValues.Use.Unknown());
        assertThat(kept.take(SecureTokens.sha256Hex(code)))
                .isInstanceOfSatisfying(SingleUseValues.Use.First.class, use -> assertThat(use.value())
                        .doesNotContain(code));
    }
}
