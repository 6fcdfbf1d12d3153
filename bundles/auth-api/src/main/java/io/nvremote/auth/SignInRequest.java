// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth;

/**
 * What a native client asks for when a person signs in (RFC 8252, RFC 7636); unchecked texts from the wire. Immutable.
 *
 * @param responseType must be {@code code}
 * @param clientId must be {@code nvremote-client}
 * @param redirectUri {@code http://127.0.0.1:PORT/path} or {@code http://[::1]:PORT/path}
 * @param codeChallenge base64url of SHA-256 of the verifier, 43 characters
 * @param codeChallengeMethod must be {@code S256}
 * @param state the client's own, 8 to 512 characters, returned as it is
 */
public record SignInRequest(
        String responseType,
        String clientId,
        String redirectUri,
        String codeChallenge,
        String codeChallengeMethod,
        String state) {}
