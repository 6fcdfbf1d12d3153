// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.tokens;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

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

    /** SHA-256 in lower-case hexadecimal: 64 characters. */
    public static String sha256Hex(String text) {
        return HexFormat.of().formatHex(sha256(text));
    }

    /** The challenge of a PKCE verifier (RFC 7636, S256). */
    public static String challenge(String verifier) {
        return BASE64.encodeToString(sha256(verifier));
    }

    /** Compares in constant time. */
    public static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
