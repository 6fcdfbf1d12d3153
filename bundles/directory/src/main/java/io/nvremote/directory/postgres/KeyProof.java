// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.directory.DirectoryError;
import io.nvremote.lib.pem.Pem;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host certificate of our authority, whatever its age, shown by who holds its key: a certificate request (RFC 2986) for that
 * very key proves it. Who catches the two gets nothing by them but a certificate for a key that he lacks.
 */
record KeyProof(OrgId org, HostId host, BigInteger serial, Instant expires) {

    private static final int LONGEST = 16 * 1024;
    private static final int URI_NAME = 6;
    private static final Pattern HOST = Pattern.compile("spiffe://nvremote/org/([^/]+)/host/([^/]+)");

    /**
     * @throws StreamException {@link DirectoryError#CERTIFICATE_FOREIGN}, {@link DirectoryError#CSR_REFUSED} or
     *     {@link DirectoryError#KEY_NOT_PROVEN}
     */
    static KeyProof of(String certificatePem, String csrPem, String rootPem) {
        X509Certificate certificate = issued(certificatePem, rootPem);
        Matcher host = HOST.matcher(uri(certificate));
        if (!host.matches()) {
            throw foreign("the certificate is not a host's");
        }
        if (!CertificateRequest.key(csrPem).equals(certificate.getPublicKey())) {
            throw new StreamException(
                    DirectoryError.KEY_NOT_PROVEN, "the request is for another key than the certificate's");
        }
        return new KeyProof(
                OrgId.of(host.group(1)),
                HostId.of(host.group(2)),
                certificate.getSerialNumber(),
                certificate.getNotAfter().toInstant());
    }

    private static X509Certificate issued(String certificatePem, String rootPem) {
        if (certificatePem.length() > LONGEST) {
            throw foreign("the certificate is longer than " + LONGEST + " characters");
        }
        try {
            X509Certificate certificate = Pem.certificates(certificatePem).getFirst();
            // Its time is the grace's matter. The root signs leaves only, so there is nothing between.
            certificate.verify(Pem.certificates(rootPem).getFirst().getPublicKey());
            return certificate;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw foreign("the certificate can't be read, or this authority did not sign it");
        }
    }

    private static String uri(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? ""
                    : names.stream()
                            .filter(name -> name.getFirst().equals(URI_NAME))
                            .map(name -> String.valueOf(name.get(1)))
                            .findFirst()
                            .orElse("");
        } catch (GeneralSecurityException e) {
            return "";
        }
    }

    /**
     * What the table says of a certificate.
     *
     * @param superseded whether the host has shown a newer one
     */
    record Entry(Instant expires, @Nullable String revoked, boolean gone, boolean superseded) {}

    /**
     * Refuses a certificate that its host may not come back with.
     *
     * @param known what the table says of it, or null if it does not know it
     * @param hostKnown whether there is a host of that id
     */
    void requireReturn(@Nullable Entry known, boolean hostKnown, Duration grace, Instant now) {
        if (known == null) {
            throw refused(
                    DirectoryError.DATABASE_RESTORED,
                    hostKnown
                            ? "the database knows host " + host + " and not its certificate, which ends " + expires
                            : "the database does not know host " + host + " of a certificate that ends " + expires);
        }
        if (known.gone() || known.revoked() != null) {
            throw refused(
                    DirectoryError.CERTIFICATE_REVOKED,
                    known.gone() ? "the host was removed" : "the certificate was revoked: " + known.revoked());
        }
        if (known.superseded()) {
            throw refused(DirectoryError.CERTIFICATE_SUPERSEDED, "host " + host + " has shown a newer certificate");
        }
        if (now.isAfter(known.expires().plus(grace))) {
            throw refused(
                    DirectoryError.GRACE_OVER,
                    "the certificate expired on " + known.expires() + ", the grace is " + grace);
        }
    }

    private static StreamException foreign(String why) {
        return refused(DirectoryError.CERTIFICATE_FOREIGN, why);
    }

    private static StreamException refused(ErrorCode code, String why) {
        return new StreamException(code, why);
    }
}
