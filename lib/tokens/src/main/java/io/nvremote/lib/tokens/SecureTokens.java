// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.tokens;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** Unguessable texts and their fingerprints. Safe for any thread. */
public final class SecureTokens {

    private static final SecureRandom SOURCE = new SecureRandom();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private SecureTokens() {}

    /** 256 random bits in base64url: 43 characters. */
    public static String text() {
        byte[] bytes = new byte[32];
        SOURCE.nextBytes(bytes);
        return BASE64.encodeToString(bytes);
    }

    /** The challenge of a PKCE verifier (RFC 7636, S256). */
    public static String challenge(String verifier) {
        try {
            return BASE64.encodeToString(
                    MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
