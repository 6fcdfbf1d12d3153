// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.auth.AuthError;
import io.nvremote.auth.SignIn;
import io.nvremote.auth.SignInRequest;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The steps between a client's request and its one-time code (RFC 8252, RFC 7636, RFC 9207). Does no I/O: the caller asks
 * the issuer and the database between the steps. Safe for any thread.
 */
final class SignInFlow {

    static final Duration PERSON_PATIENCE = Duration.ofMinutes(10);
    static final Duration CODE_LIFETIME = Duration.ofSeconds(60);

    private static final int MAX_OPEN = 10_000;
    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");
    private static final Pattern STATE = Pattern.compile("[\\x21-\\x7E]{8,512}");
    private static final Pattern REDIRECT =
            Pattern.compile("http://(127\\.0\\.0\\.1|\\[::1]):([1-9][0-9]{0,4})(/[A-Za-z0-9._~/-]{0,200})?");

    private final SingleUseStore<Pending> pending = new SingleUseStore<>(MAX_OPEN, PERSON_PATIENCE);
    private final SingleUseStore<Ticket> codes = new SingleUseStore<>(MAX_OPEN, CODE_LIFETIME);
    private final SingleUseStore<UUID> spent = new SingleUseStore<>(MAX_OPEN, PERSON_PATIENCE);
    private final URI publicUrl;

    SignInFlow(URI publicUrl) {
        this.publicUrl = publicUrl;
    }

    /** Checks a client's request and remembers it under a state of our own. */
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
        Begun begun = new Begun(SecureTokens.text(), SecureTokens.text(), SecureTokens.text());
        pending.put(begun.state(), new Pending(request, begun), now);
        return begun;
    }

    /** The request behind a state of ours; works once. */
    Pending resume(String state, Instant now) {
        Pending request = pending.take(state, now);
        if (request == null) {
            throw new StreamException(AuthError.SIGN_IN_EXPIRED, "the state is unknown, used or older than 10 minutes");
        }
        return request;
    }

    /** Where the browser goes after a success. */
    URI succeeded(Pending request, UserId user, Instant now) {
        String code = SecureTokens.text();
        codes.put(SecureTokens.sha256Hex(code), new Ticket(request.request(), user), now);
        return back(request, "code=" + code);
    }

    /** Where the browser goes when the issuer said no. */
    URI refused(Pending request, String error) {
        return back(request, "error=" + URLEncoder.encode(error, StandardCharsets.UTF_8));
    }

    /** Spends a one-time code. A wrong verifier burns it as well. */
    UserId redeem(String code, Secret verifier, String redirectUri, Instant now) {
        Ticket ticket = codes.take(SecureTokens.sha256Hex(code), now);
        if (ticket == null) {
            throw new StreamException(AuthError.SIGN_IN_EXPIRED, "the code is unknown, used or older than 60 seconds");
        }
        require("redirect_uri", ticket.request().redirectUri().equals(redirectUri), "must be the request's");
        require(
                "code_verifier",
                VERIFIER.matcher(verifier.reveal()).matches()
                        && SecureTokens.same(
                                SecureTokens.challenge(verifier.reveal()),
                                ticket.request().codeChallenge()),
                "must be the one behind the request's challenge");
        return ticket.user();
    }

    /** Remembers what a code gave, so that {@link #gave} can tell when it comes again. */
    void remember(String code, UUID signIn, Instant now) {
        spent.put(SecureTokens.sha256Hex(code), signIn, now);
    }

    /** The sign-in that this code gave before; null if it gave none. */
    @Nullable
    UUID gave(String code, Instant now) {
        return spent.take(SecureTokens.sha256Hex(code), now);
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
    record Begun(String state, String nonce, String verifier) {}

    /** A person who is at the issuer now. */
    record Pending(SignInRequest request, Begun begun) {}

    private record Ticket(SignInRequest request, UserId user) {}
}
