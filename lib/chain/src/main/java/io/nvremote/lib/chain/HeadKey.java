// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.chain;

import io.nvremote.lib.pem.Pem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** The key that signs heads of audit chains: Ed25519 (RFC 8032). Immutable; safe for any thread. */
public final class HeadKey {

    public static final String ALGORITHM = "Ed25519";

    private static final int ID_BYTES = 16;

    private final PrivateKey secret;
    private final PublicKey key;

    private HeadKey(PrivateKey secret, PublicKey key) {
        this.secret = secret;
        this.key = key;
    }

    /** A new one, to be kept: its private (PKCS#8) and its public half, as PEM. */
    public static byte[] made() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            String both = Pem.write("PRIVATE KEY", pair.getPrivate().getEncoded()) + pem(pair.getPublic());
            return both.getBytes(StandardCharsets.US_ASCII);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** One that {@link #made} made. */
    public static HeadKey of(byte[] kept) throws GeneralSecurityException {
        String text = new String(kept, StandardCharsets.US_ASCII);
        HeadKey key = new HeadKey(Pem.privateKey(text), publicKey(text));
        if (!verifies(key.key, "both halves", key.sign("both halves"))) {
            throw new GeneralSecurityException("the private key is of another public key");
        }
        return key;
    }

    /** The one block {@code PUBLIC KEY} (RFC 7468) of a text. */
    public static PublicKey publicKey(String text) throws GeneralSecurityException {
        List<byte[]> blocks = Pem.read("PUBLIC KEY", text);
        if (blocks.size() != 1) {
            throw new GeneralSecurityException("there must be one block PUBLIC KEY, and there are " + blocks.size());
        }
        return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(blocks.getFirst()));
    }

    /** The first 16 bytes of the SHA-256 of the key's SubjectPublicKeyInfo, in hexadecimal digits. */
    public static String id(PublicKey key) {
        return HexFormat.of().formatHex(Arrays.copyOf(ChainRecords.sha256().digest(key.getEncoded()), ID_BYTES));
    }

    public String id() {
        return id(key);
    }

    /** The public half. */
    public String pem() {
        return pem(key);
    }

    private static String pem(PublicKey key) {
        return Pem.write("PUBLIC KEY", key.getEncoded());
    }

    /** The signature of a text's UTF-8, in base64url without padding. */
    String sign(String text) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(secret);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an " + ALGORITHM + " key signs any text", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Whether the signature is that key's of that text; what is no signature is not. */
    static boolean verifies(PublicKey key, String text, String signature) {
        try {
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(text.getBytes(StandardCharsets.UTF_8));
            byte[] bytes = Base64.getUrlDecoder().decode(signature);
            return base64(bytes).equals(signature) && verifier.verify(bytes); // one way to write it, no other
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false; // not base64, or not of a signature's length
        }
    }
}
