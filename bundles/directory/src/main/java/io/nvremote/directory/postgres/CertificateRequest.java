// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.core.StreamException;
import io.nvremote.directory.DirectoryError;
import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;

/** PKCS#10 (RFC 2986): the public key and the proof that the sender has its private key. All else in it is ignored. */
final class CertificateRequest {

    private static final int LONGEST = 16 * 1024;

    private CertificateRequest() {}

    /** The request's key, if the request is signed by it and it is strong enough. */
    static PublicKey key(String pem) {
        if (pem.length() > LONGEST) {
            throw refused("is longer than " + LONGEST + " characters", null);
        }
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            if (!(parser.readObject() instanceof PKCS10CertificationRequest request)) {
                throw refused("is no PKCS#10 in PEM", null);
            }
            PublicKey key = new JcaPKCS10CertificationRequest(request).getPublicKey();
            requireStrength(key);
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw refused("is not signed by its own key", null);
            }
            return key;
        } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException e) {
            throw refused("can't be read", e);
        } catch (StreamException e) {
            throw e;
        } catch (RuntimeException e) {
            // Parsers and verifiers throw many kinds of these at malformed ASN.1.
            throw refused("is malformed", e);
        }
    }

    private static void requireStrength(PublicKey key) {
        boolean strong =
                switch (key) {
                    case ECPublicKey ec -> ec.getParams().getCurve().getField().getFieldSize() >= 256;
                    case RSAPublicKey rsa ->
                        rsa.getModulus().bitLength() >= 2048 && rsa.getModulus().bitLength() <= 8192;
                    case EdECPublicKey ed -> ed.getParams().getName().equals("Ed25519");
                    default -> false;
                };
        if (!strong) {
            throw refused("has a key that is none of EC P-256 or P-384, Ed25519, RSA of 2048 bits or more", null);
        }
    }

    private static StreamException refused(String why, @Nullable Exception cause) {
        String message = "the certificate request " + why;
        return cause == null
                ? new StreamException(DirectoryError.CSR_REFUSED, message)
                : new StreamException(DirectoryError.CSR_REFUSED, message, cause);
    }
}
