// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.Remedy;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.lib.json.Json;
import io.nvremote.lib.tokens.SecureTokens;
import io.nvremote.viewer.ViewerError;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sign-in of a native app (RFC 8252: system browser, loopback redirect, PKCE, state) against the control plane, and the
 * tokens that come of it. Tokens live in memory only. Safe for any thread.
 */
final class SignIn {

    private static final Logger LOG = LoggerFactory.getLogger(SignIn.class);

    /** How long before its end an access token is renewed. */
    static final Duration RENEW_BEFORE = Duration.ofSeconds(60);

    private static final Duration STARTED_LASTS = Duration.ofMinutes(10);
    private static final int STARTED_AT_MOST = 16;

    /** A sign-in that was begun and not finished. */
    private record Started(Pkce pkce, String redirect, long atNanos) {}

    /**
     * What is held while somebody is signed in.
     *
     * @param attempt goes with the refresh token whenever it is shown: when an answer was lost, it gets the same one again
     */
    private record Tokens(Secret access, Secret refresh, Secret attempt, long endsNanos) {}

    private final ControlPlane control;
    private final URI door;
    private final Clock clock;
    private final Map<String, Started> started = new ConcurrentHashMap<>();
    private volatile @Nullable Tokens tokens;

    /** @param door where a browser reaches the control plane; it is also the issuer that answers name */
    SignIn(ControlPlane control, URI door, Clock clock) {
        this.control = control;
        this.door = door;
        this.clock = clock;
        control.renewal(this::instead);
    }

    /** Begins: the address to open in the browser. {@code redirect} is our own loopback address. */
    URI begin(String redirect) {
        started.values().removeIf(s -> clock.nanos() - s.atNanos() > STARTED_LASTS.toNanos());
        if (started.size() >= STARTED_AT_MOST) {
            throw new StreamException(ViewerError.SIGN_IN_FAILED, "too many sign-ins were begun and not finished");
        }
        Pkce pkce = Pkce.fresh();
        String state = SecureTokens.text();
        started.put(state, new Started(pkce, redirect, clock.nanos()));
        return door.resolve("/api/v1/auth/authorize?response_type=code&client_id=nvremote-client"
                + "&redirect_uri=" + encoded(redirect)
                + "&code_challenge=" + pkce.challenge()
                + "&code_challenge_method=S256&state=" + state);
    }

    /** Ends: what the browser brought back. State is good once; a wrong or missing issuer is a mix-up (RFC 9207). */
    synchronized void finish(Map<String, String> query) {
        Started begun = started.remove(query.getOrDefault("state", ""));
        if (begun == null || clock.nanos() - begun.atNanos() > STARTED_LASTS.toNanos()) {
            throw new StreamException(
                    ViewerError.SIGN_IN_FAILED, "the answer belongs to no sign-in that was begun here");
        }
        String error = query.get("error");
        if (error != null) {
            throw refusal(error);
        }
        String issuer = query.get("iss");
        if (issuer != null && !URI.create(issuer).getRawAuthority().equals(door.getRawAuthority())) {
            throw new StreamException(ViewerError.SIGN_IN_FAILED, "the answer comes from another issuer");
        }
        String code = query.get("code");
        if (code == null) {
            throw new StreamException(ViewerError.SIGN_IN_FAILED, "the answer holds no code");
        }
        ObjectNode body = Json.object();
        body.put("code", code);
        body.put("code_verifier", begun.pkce().verifier().reveal());
        body.put("redirect_uri", begun.redirect());
        keep(control.post("/auth/google", body, null));
    }

    /** What the codes of RFC 6749 section 4.1.2.1 and OpenID Connect Core section 3.1.2.6 mean to a person. */
    private static StreamException refusal(String error) {
        return switch (error) {
            case "access_denied" ->
                new StreamException(
                        ViewerError.SIGN_IN_FAILED,
                        "the identity provider did not let you in, or you stopped the sign-in");
            case "temporarily_unavailable" ->
                new StreamException(
                        ViewerError.SIGN_IN_UNAVAILABLE, "the identity provider can't sign anybody in at this moment");
            case "server_error" ->
                new StreamException(ViewerError.SIGN_IN_UNAVAILABLE, "the identity provider failed to sign you in");
            case "interaction_required", "login_required", "account_selection_required", "consent_required" ->
                new StreamException(
                        ViewerError.SIGN_IN_FAILED,
                        "the identity provider wants something of you first (" + error + ")");
            case "invalid_request",
                    "unauthorized_client",
                    "unsupported_response_type",
                    "invalid_scope",
                    "invalid_request_uri",
                    "invalid_request_object",
                    "request_not_supported",
                    "request_uri_not_supported",
                    "registration_not_supported" ->
                new StreamException(
                        ViewerError.SIGN_IN_FAILED,
                        "the control plane does not understand this client (" + error
                                + "): one of them needs an update");
            default -> new StreamException(ViewerError.SIGN_IN_FAILED, "the sign-in was refused: " + printable(error));
        };
    }

    /** The access token, renewed first if it ends soon. */
    synchronized Secret token() {
        Tokens held = tokens;
        if (held == null) {
            throw new StreamException(ViewerError.SIGN_IN_REQUIRED, "nobody is signed in");
        }
        if (clock.nanos() - held.endsNanos() > -RENEW_BEFORE.toNanos()) {
            renewIfPossible(held);
        }
        Tokens now = tokens;
        if (now == null) {
            throw new StreamException(ViewerError.SIGN_IN_REQUIRED, "the sign-in has expired");
        }
        return now.access();
    }

    /**
     * Another access token for one that the control plane refused.
     *
     * @throws StreamException {@link ViewerError#SIGN_IN_REQUIRED} if the sign-in is over, others if that can't be known now
     */
    synchronized Secret instead(Secret refused) {
        Tokens held = tokens;
        if (held == null) {
            throw new StreamException(ViewerError.SIGN_IN_REQUIRED, "nobody is signed in");
        }
        if (held.access().equals(refused)) {
            renew(held);
        }
        Tokens now = tokens;
        if (now == null) {
            throw new StreamException(ViewerError.SIGN_IN_REQUIRED, "the sign-in has expired");
        }
        return now.access();
    }

    boolean signedIn() {
        return tokens != null;
    }

    /** Revokes the refresh token and forgets everything, also when the control plane can't be told. */
    synchronized void signOut() {
        Tokens held = tokens;
        tokens = null;
        if (held != null) {
            ObjectNode body = Json.object();
            body.put("refresh_token", held.refresh().reveal());
            control.post("/auth/logout", body, held.access());
        }
    }

    /** A control plane that is away may be back before the token ends. */
    private void renewIfPossible(Tokens held) {
        try {
            renew(held);
        } catch (StreamException e) {
            if (tokens == null || clock.nanos() - held.endsNanos() > 0) {
                throw e;
            }
            LOG.atDebug()
                    .addKeyValue(Keys.CODE, e.code().name())
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .log("the sign-in could not be renewed yet");
        }
    }

    private void renew(Tokens held) {
        ObjectNode body = Json.object();
        body.put("refresh_token", held.refresh().reveal());
        body.put("attempt", held.attempt().reveal());
        try {
            keep(control.post("/auth/refresh", body, null));
        } catch (StreamException e) {
            if (refused(e)) {
                LOG.atInfo().addKeyValue(Keys.REASON, e.getMessage()).log("the control plane ended the sign-in");
                tokens = null;
            }
            throw e;
        }
    }

    /** Only the control plane's own no ends a sign-in; everything else passes, and is tried again. */
    private static boolean refused(StreamException e) {
        return e.code() == ViewerError.SIGN_IN_REQUIRED
                || (e.code() instanceof RemoteError remote && remote.remedy() == Remedy.CALLER);
    }

    private void keep(JsonNode answer) {
        long seconds = answer.path("expires_in").asLong(900);
        tokens = new Tokens(
                new Secret(Json.text(answer, "access_token", ViewerError.SIGN_IN_FAILED)),
                new Secret(Json.text(answer, "refresh_token", ViewerError.SIGN_IN_FAILED)),
                new Secret(SecureTokens.text()),
                clock.nanos() + Duration.ofSeconds(seconds).toNanos());
    }

    /** Forgets the tokens, which the control plane takes no more. */
    synchronized void forget() {
        tokens = null;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String printable(String text) {
        return text.replaceAll("[^a-z_]", "")
                .substring(0, Math.min(64, text.replaceAll("[^a-z_]", "").length()));
    }
}
