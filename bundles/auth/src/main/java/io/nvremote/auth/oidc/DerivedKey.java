// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key for one purpose, derived from the token signing key (the expand step of HKDF, RFC 5869, with SHA-256 and one block):
 * all processes that share the signing key share it, and no second file has to be kept. Immutable; safe for any thread.
 */
final class DerivedKey {

    private final SecretKeySpec key;

    private DerivedKey(byte[] key) {
        this.key = new SecretKeySpec(key, "HmacSHA256");
    }

    /** @param secret at least 256 random bits */
    static DerivedKey of(byte[] secret, String purpose) {
        byte[] info = ("nvremote " + purpose + '\u0001').getBytes(StandardCharsets.US_ASCII);
        return new DerivedKey(new DerivedKey(secret).mac(info));
    }

    /** HMAC-SHA-256: 32 bytes. */
    byte[] mac(byte[] text) {
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HMAC-SHA-256", e);
        }
    }

    /** The same 256 bits as a key of AES. */
    SecretKeySpec aes() {
        return new SecretKeySpec(key.getEncoded(), "AES");
    }
}
