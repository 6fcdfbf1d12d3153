// SPDX-License-Identifier: Apache-2.0
/**
 * Sign-in and tokens. {@link io.nvremote.auth.SignIn} walks a person through an OpenID Connect issuer and hands out a pair
 * of tokens; {@link io.nvremote.auth.AccessTokens} says who sends an access token. A token names a user and a sign-in,
 * never rights: those are looked up for each request.
 *
 * <pre>{@code
 * URI issuerPage = signIn.begin(request, actor);      // GET /auth/authorize -> 302
 * URI clientPage = signIn.complete(state, code, null, null, actor); // GET /auth/callback  -> 302 to the client's loopback address
 * SignedIn tokens = signIn.exchange(code, verifier, redirectUri, actor); // POST /auth/google
 * Caller caller = accessTokens.verify(token);
 * }</pre>
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.auth;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
