// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth;

import io.nvremote.core.Actor;
import io.nvremote.core.Secret;
import io.nvremote.core.UserId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Signs people in at the configured OpenID Connect issuer and keeps them signed in. A service. Safe for any thread; may
 * block on the database and, where it says so, on the issuer for at most 10 s.
 */
@ProviderType
public interface SignIn {

    /** The client id of the project's own native clients. */
    String CLIENT_ID = "nvremote-client";

    /** For how long a sign-in is taken to be active after it was found so. */
    Duration KNOWN_FOR = Duration.ofSeconds(1);

    /**
     * Begins a sign-in: where to send the browser, with our own state, nonce and PKCE challenge. Keeps nothing.
     *
     * @param actor whose address counts: this, {@link #complete}, {@link #exchange} and {@link #refresh} refuse an address that
     *     asks too often with {@link io.nvremote.core.CoreError#TOO_MANY_REQUESTS}
     * @throws io.nvremote.core.StreamException {@link AuthError#SIGN_IN_REQUEST_INVALID},
     *     {@link AuthError#ISSUER_UNAVAILABLE}, {@link AuthError#ISSUER_INVALID} or {@link AuthError#NOT_CONFIGURED}
     */
    URI begin(SignInRequest request, Actor actor);

    /**
     * The browser came back from the issuer: checks what it brought and says where to send it next, with a one-time code
     * that is valid for 60 s ({@code code}, {@code state}, {@code iss}), or with {@code error} when the issuer refused.
     *
     * @param state our own, from {@link #begin}; works once
     * @param code the issuer's; null when it refused
     * @param error the issuer's error code; null when it did not refuse
     * @param description the issuer's own reason, for the log; null when it gave none
     * @throws io.nvremote.core.StreamException {@link AuthError#SIGN_IN_EXPIRED} for an unknown state; errors of the
     *     issuer as in {@link #begin}; {@link AuthError#SIGN_IN_REFUSED} when its ID token does not hold, and the
     *     directory's errors when it does not take the person
     */
    URI complete(
            String state, @Nullable String code, @Nullable String error, @Nullable String description, Actor actor);

    /**
     * Exchanges the one-time code for tokens. A second use revokes what the first gave, also while the first is served.
     *
     * @throws io.nvremote.core.StreamException {@link AuthError#SIGN_IN_EXPIRED} if the code is unknown, used or too old,
     *     {@link AuthError#SIGN_IN_REQUEST_INVALID} if verifier or redirect differ from the request's, the directory's
     *     {@code USER_DISABLED} if the user was disabled since
     */
    SignedIn exchange(String code, Secret verifier, String redirectUri, Actor actor);

    /**
     * Trades a refresh token for a new pair; the old one is spent.
     *
     * @param attempt a secret of the caller's for this try, 43 to 128 characters of base64url: when the answer was lost on its
     *     way, the same token with the same attempt gives the same refresh token again, for two minutes; null for somebody
     *     who never repeats
     * @throws io.nvremote.core.StreamException {@link AuthError#REFRESH_INVALID}, or {@link AuthError#REFRESH_REUSED}
     *     when it was spent before: the whole family is revoked then; the directory's {@code USER_DISABLED}
     */
    SignedIn refresh(Secret refreshToken, @Nullable Secret attempt, Actor actor);

    /** Ends the sign-in this refresh token belongs to. Unknown tokens are ignored: the caller wants it gone. */
    void signOut(Secret refreshToken, Actor actor);

    /**
     * The living sign-ins of a user, in the order of their ids.
     *
     * @param after only those behind this one; null: from the first
     */
    List<SignInEntry> of(UserId user, @Nullable UUID after, int limit);

    /**
     * Ends one living sign-in of a user, who wants it gone.
     *
     * @throws io.nvremote.core.StreamException {@link AuthError#SIGN_IN_UNKNOWN}
     */
    void end(UserId user, UUID signIn, Actor actor);

    /** Ends every sign-in of a user; {@code reason} goes into the audit log. */
    void endAll(UserId user, String reason, Actor actor);

    /**
     * Whether this sign-in was neither ended nor revoked, and its user is still there; access tokens of others are refused.
     * What ended here is known at once, what ended elsewhere (another control plane, the database) after {@link #KNOWN_FOR} at most.
     */
    boolean active(UUID signIn);

    /** Those of the sign-ins that are active: the same for many, with a few questions for all of them. */
    Set<UUID> active(Set<UUID> signIns);

    /**
     * Tells the listener of each sign-in that is over, as soon as it is known here: signed out, revoked, its user gone. For
     * who keeps something open in the name of a sign-in, a socket or a stream. The listener must be quick and is called by any
     * thread; an end that happens elsewhere is found only when {@link #active} is asked, so ask it now and then.
     */
    Watch onEnded(Consumer<UUID> listener);

    /** A listener's place; {@link #close} gives it up. */
    @ProviderType
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
