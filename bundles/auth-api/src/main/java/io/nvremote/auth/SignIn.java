// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth;

import io.nvremote.core.Actor;
import io.nvremote.core.Secret;
import java.net.URI;
import java.util.UUID;
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

    /**
     * Begins a sign-in: where to send the browser, with our own state, nonce and PKCE challenge.
     *
     * @throws io.nvremote.core.StreamException {@link AuthError#SIGN_IN_REQUEST_INVALID},
     *     {@link AuthError#ISSUER_UNAVAILABLE}, {@link AuthError#ISSUER_INVALID} or {@link AuthError#NOT_CONFIGURED}
     */
    URI begin(SignInRequest request);

    /**
     * The browser came back from the issuer: checks what it brought and says where to send it next, with a one-time code
     * that is valid for 60 s ({@code code}, {@code state}, {@code iss}), or with {@code error} when the issuer refused.
     *
     * @param state our own, from {@link #begin}; works once
     * @param code the issuer's; null when it refused
     * @param error the issuer's error code; null when it did not refuse
     * @throws io.nvremote.core.StreamException {@link AuthError#SIGN_IN_EXPIRED} for an unknown state; errors of the
     *     issuer as in {@link #begin}; {@link AuthError#SIGN_IN_REFUSED} when its ID token does not hold, and the
     *     directory's errors when it does not take the person
     */
    URI complete(String state, @Nullable String code, @Nullable String error, Actor actor);

    /**
     * Exchanges the one-time code for tokens. A second use revokes what the first gave.
     *
     * @throws io.nvremote.core.StreamException {@link AuthError#SIGN_IN_EXPIRED} if the code is unknown, used or too old,
     *     {@link AuthError#SIGN_IN_REQUEST_INVALID} if verifier or redirect differ from the request's
     */
    SignedIn exchange(String code, Secret verifier, String redirectUri, Actor actor);

    /**
     * Trades a refresh token for a new pair; the old one is spent.
     *
     * @throws io.nvremote.core.StreamException {@link AuthError#REFRESH_INVALID}, or {@link AuthError#REFRESH_REUSED}
     *     when it was spent before: the whole family is revoked then
     */
    SignedIn refresh(Secret refreshToken, Actor actor);

    /** Ends the sign-in this refresh token belongs to. Unknown tokens are ignored: the caller wants it gone. */
    void signOut(Secret refreshToken, Actor actor);

    /** Whether this sign-in was neither ended nor revoked, known for at most 5 s; access tokens of others are refused. */
    boolean active(UUID signIn);
}
