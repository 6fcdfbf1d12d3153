// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.auth.SignInRequest;
import io.nvremote.core.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Keeps what a sign-in needs to go on inside the state that the browser carries to the issuer and back, sealed with AES-GCM:
 * somebody who only asks to sign in costs no memory, however often, and a sign-in outlives a restart. Immutable; safe for
 * any thread.
 */
final class SealedRequests {

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final DerivedKey key;
    private final SecureRandom random = new SecureRandom();

    SealedRequests(DerivedKey key) {
        this.key = key;
    }

    /** What was sealed. */
    record Opened(SignInRequest request, String nonce, Secret verifier, Instant until) {}

    /** At most 1500 characters of base64url for a request within its limits. */
    String seal(SignInRequest request, String nonce, Secret verifier, Instant until) {
        byte[] iv = new byte[NONCE];
        random.nextBytes(iv);
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(plain)) {
            out.writeLong(until.toEpochMilli());
            out.writeUTF(nonce);
            out.writeUTF(verifier.reveal());
            out.writeUTF(request.redirectUri());
            out.writeUTF(request.codeChallenge());
            out.writeUTF(request.state());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, iv, plain.toByteArray()).orElseThrow();
        byte[] state = Arrays.copyOf(iv, NONCE + sealed.length);
        System.arraycopy(sealed, 0, state, NONCE, sealed.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(state);
    }

    /** Empty for everything that is not exactly what {@link #seal} made. */
    Optional<Opened> open(String state) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(state);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length <= NONCE) {
            return Optional.empty();
        }
        return crypt(Cipher.DECRYPT_MODE, Arrays.copyOf(bytes, NONCE), Arrays.copyOfRange(bytes, NONCE, bytes.length))
                .map(SealedRequests::read);
    }

    private static Opened read(byte[] plain) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(plain))) {
            Instant until = Instant.ofEpochMilli(in.readLong());
            String nonce = in.readUTF();
            Secret verifier = new Secret(in.readUTF());
            return new Opened(
                    new SignInRequest(
                            "code",
                            io.nvremote.auth.SignIn.CLIENT_ID,
                            in.readUTF(),
                            in.readUTF(),
                            "S256",
                            in.readUTF()),
                    nonce,
                    verifier,
                    until);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // we sealed it: it is whole
        }
    }

    private Optional<byte[]> crypt(int mode, byte[] iv, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key.aes(), new GCMParameterSpec(TAG_BITS, iv));
            return Optional.of(cipher.doFinal(text));
        } catch (javax.crypto.AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has AES-GCM", e);
        }
    }
}
