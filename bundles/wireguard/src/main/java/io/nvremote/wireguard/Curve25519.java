// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.core.StreamException;
import io.nvremote.tunnel.TunnelError;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;

/**
 * X25519 (RFC 7748) over raw 32-byte keys, by the JDK. Safe for any thread. The JDK keeps copies of private keys until
 * they are collected; nothing can wipe those.
 */
final class Curve25519 {

    static final int LENGTH = 32;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] BASE = new byte[LENGTH];

    static {
        BASE[0] = 9;
    }

    private Curve25519() {}

    /** A new private key, clamped (RFC 7748 section 5). */
    static byte[] newPrivateKey() {
        byte[] key = new byte[LENGTH];
        RANDOM.nextBytes(key);
        key[0] &= (byte) 248;
        key[31] &= 127;
        key[31] |= 64;
        return key;
    }

    static byte[] publicKey(byte[] privateKey) {
        return shared(privateKey, BASE);
    }

    /**
     * The shared secret.
     *
     * @throws StreamException {@link TunnelError#BAD_KEY} if the public key has small order, which would make the secret
     *     known to everybody
     */
    static byte[] shared(byte[] privateKey, byte[] publicKey) {
        try {
            KeyFactory keys = KeyFactory.getInstance("X25519");
            KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, privateKey)));
            agreement.doPhase(
                    keys.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, coordinate(publicKey))), true);
            return agreement.generateSecret();
        } catch (InvalidKeyException e) {
            throw new StreamException(TunnelError.BAD_KEY, "a public key of small order is refused", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has X25519", e);
        }
    }

    /** Little-endian with the top bit ignored (RFC 7748 section 5). */
    private static BigInteger coordinate(byte[] publicKey) {
        byte[] bigEndian = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            bigEndian[i] = publicKey[LENGTH - 1 - i];
        }
        bigEndian[0] &= 0x7F;
        return new BigInteger(1, bigEndian);
    }

    static void wipe(byte[]... secrets) {
        for (byte[] secret : secrets) {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
