// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Texts of RFC 7468. */
final class Pem {

    private Pem() {}

    static String write(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    /** The contents of all blocks with that label, in order. */
    static List<byte[]> read(String label, String text) throws GeneralSecurityException {
        Pattern block = Pattern.compile("-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]*)-----END " + label + "-----");
        try {
            return block.matcher(text)
                    .results()
                    .map((MatchResult match) -> Base64.getMimeDecoder().decode(match.group(1)))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("a block " + label + " is not base64", e);
        }
    }

    static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
    }
}
