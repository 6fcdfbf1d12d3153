// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.auth.AuthError;
import io.nvremote.auth.SignIn;
import io.nvremote.auth.SignInRequest;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.lib.tokens.SecureTokens;
import io.nvremote.presence.SingleUseValues;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The steps between a client's request and its one-time code (RFC 8252, RFC 7636, RFC 9207). The caller asks
 * the issuer and the database between the steps. Keeps nothing for somebody who only began. Safe for any thread.
 */
final class SignInFlow {

    static final Duration PERSON_PATIENCE = Duration.ofMinutes(10);

    /** Nothing waits here: a state carries its own value, only its use is remembered. */
    private static final SingleUseValues.Limits STATES =
            new SingleUseValues.Limits(PERSON_PATIENCE, PERSON_PATIENCE, 10_000, 0);

    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");
    private static final Pattern STATE = Pattern.compile("[\\x21-\\x7E]{8,512}");
    private static final Pattern REDIRECT =
            Pattern.compile("http://(127\\.0\\.0\\.1|\\[::1]):([1-9][0-9]{0,4})(/[A-Za-z0-9._~/-]{0,200})?");

    private final URI publicUrl;
    private final SealedRequests sealed;
    private final SingleUseValues.Namespace states;
    private final OneTimeCodes codes;

    SignInFlow(URI publicUrl, SealedRequests sealed, SingleUseValues values) {
        this.publicUrl = publicUrl;
        this.sealed = sealed;
        states = values.open("auth.states", STATES);
        codes = new OneTimeCodes(values);
    }

    /** Checks a client's request and seals it into a state of our own. */
    Begun begin(SignInRequest request, Instant now) {
        require("response_type", "code".equals(request.responseType()), "must be code");
        require("client_id", SignIn.CLIENT_ID.equals(request.clientId()), "must be " + SignIn.CLIENT_ID);
        require("code_challenge_method", "S256".equals(request.codeChallengeMethod()), "must be S256");
        require(
                "code_challenge",
                CHALLENGE.matcher(request.codeChallenge()).matches(),
                "must be 43 characters of base64url");
        require("state", STATE.matcher(request.state()).matches(), "must be 8 to 512 printable characters");
        require(
                "redirect_uri",
                loopback(request.redirectUri()),
                "must be http://127.0.0.1:PORT/… or http://[::1]:PORT/…");
        String nonce = SecureTokens.text();
        Secret verifier = new Secret(SecureTokens.text());
        return new Begun(sealed.seal(request, nonce, verifier, now.plus(PERSON_PATIENCE)), nonce, verifier);
    }

    /** The request behind a state of ours; works once. */
    Pending resume(String state, Instant now) {
        return sealed.open(state)
                .filter(opened -> opened.until().isAfter(now) && states.spend(SecureTokens.sha256Hex(state)))
                .map(opened -> new Pending(opened.request(), new Begun(state, opened.nonce(), opened.verifier())))
                .orElseThrow(() -> new StreamException(
                        AuthError.SIGN_IN_EXPIRED, "the state is unknown, used or older than 10 minutes"));
    }

    /** Where the browser goes after a success; empty when too many codes wait for their use. */
    Optional<URI> succeeded(Pending pending, UserId user) {
        SignInRequest request = pending.request();
        return codes.issue(new OneTimeCodes.Ticket(user, request.redirectUri(), request.codeChallenge()))
                .map(code -> back(pending, "code=" + code));
    }

    /** Where the browser goes when it gets no code. */
    URI refused(Pending request, String error) {
        return back(request, "error=" + URLEncoder.encode(error, StandardCharsets.UTF_8));
    }

    /** Spends a one-time code. A wrong verifier burns it as well. */
    Redeemed redeem(String code, Secret verifier, String redirectUri) {
        return switch (codes.use(code)) {
            case OneTimeCodes.Use.Unknown unknown ->
                throw new StreamException(
                        AuthError.SIGN_IN_EXPIRED, "the code is unknown, used or older than 60 seconds");
            case OneTimeCodes.Use.Again again -> new Redeemed.Again(again.signIn());
            case OneTimeCodes.Use.First first -> {
                OneTimeCodes.Ticket ticket = first.ticket();
                require("redirect_uri", ticket.redirectUri().equals(redirectUri), "must be the request's");
                require(
                        "code_verifier",
                        VERIFIER.matcher(verifier.reveal()).matches()
                                && SecureTokens.same(SecureTokens.challenge(verifier.reveal()), ticket.codeChallenge()),
                        "must be the one behind the request's challenge");
                yield new Redeemed.First(ticket.user(), first.signIn());
            }
        };
    }

    /** Whether a code came a second time; asked when its first use has been served. */
    boolean cameAgain(String code) {
        return codes.cameAgain(code);
    }

    private URI back(Pending request, String result) {
        return URI.create(request.request().redirectUri()
                + "?"
                + result
                + "&state="
                + URLEncoder.encode(request.request().state(), StandardCharsets.UTF_8)
                + "&iss="
                + URLEncoder.encode(publicUrl.toString(), StandardCharsets.UTF_8));
    }

    private static boolean loopback(String uri) {
        var match = REDIRECT.matcher(uri);
        return match.matches() && Integer.parseInt(match.group(2)) <= 65_535;
    }

    private static void require(String parameter, boolean holds, String rule) {
        if (!holds) {
            throw new StreamException(AuthError.SIGN_IN_REQUEST_INVALID, parameter + " " + rule);
        }
    }

    /** What we send to the issuer. */
    record Begun(String state, String nonce, Secret verifier) {}

    /** A person who is at the issuer now. */
    record Pending(SignInRequest request, Begun begun) {}

    /** What a code gives. */
    sealed interface Redeemed {

        /** A sign-in of this user, under this id. */
        record First(UserId user, UUID signIn) implements Redeemed {}

        /** Nothing: it was used before, for this sign-in, which must end. */
        record Again(UUID signIn) implements Redeemed {}
    }
}
