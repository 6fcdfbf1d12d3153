// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** Proof key for code exchange (RFC 7636, S256), and other random words of 256 bits. */
record Pkce(Secret verifier, String challenge) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    static Pkce fresh() {
        String verifier = word();
        return new Pkce(new Secret(verifier), challenge(verifier));
    }

    /** 43 characters of base64url: 256 random bits. */
    static String word() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return BASE64.encodeToString(bytes);
    }

    static String challenge(String verifier) {
        try {
            return BASE64.encodeToString(
                    MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
