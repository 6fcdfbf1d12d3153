// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.pem;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Texts of RFC 7468. Pure functions; safe for any thread. */
public final class Pem {

    private static final String BASE64 = "([A-Za-z0-9+/=\\s]*)";

    private Pem() {}

    /** One block with lines of 64 characters and a line end after the last. */
    public static String write(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    /** The contents of all blocks with that label, in order; none if there is none. */
    public static List<byte[]> read(String label, String text) throws GeneralSecurityException {
        String quoted = Pattern.quote(label);
        Pattern block = Pattern.compile("-----BEGIN " + quoted + "-----" + BASE64 + "-----END " + quoted + "-----");
        try {
            return block.matcher(text)
                    .results()
                    .map((MatchResult match) -> Base64.getMimeDecoder().decode(match.group(1)))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("a block " + label + " is not base64", e);
        }
    }

    /** The blocks {@code CERTIFICATE} in order, whatever stands between them; refuses a text that has none. */
    public static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
        List<X509Certificate> found = new ArrayList<>();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (byte[] der : read("CERTIFICATE", text)) {
            found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
        }
        if (found.isEmpty()) {
            throw new GeneralSecurityException("no block CERTIFICATE");
        }
        return List.copyOf(found);
    }

    /** As {@link #certificates(String)}, for bytes of a file; what is not ASCII is no PEM and is passed over. */
    public static List<X509Certificate> certificates(byte[] text) throws GeneralSecurityException {
        return certificates(new String(text, StandardCharsets.US_ASCII));
    }

    /** The one block {@code PRIVATE KEY} (PKCS#8) of the text: EC, EdDSA or RSA. */
    public static PrivateKey privateKey(String text) throws GeneralSecurityException {
        List<byte[]> keys = read("PRIVATE KEY", text);
        if (keys.size() != 1) {
            throw new GeneralSecurityException(
                    "there must be one block PRIVATE KEY (PKCS#8), and there are " + keys.size());
        }
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(keys.getFirst());
        GeneralSecurityException refusal =
                new GeneralSecurityException("the block PRIVATE KEY is neither EC, EdDSA nor RSA");
        for (String algorithm : List.of("EC", "EdDSA", "RSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                refusal.addSuppressed(e); // Not of this kind: the next one.
            }
        }
        throw refusal;
    }
}
