// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.signed;

import java.security.CodeSigner;
import java.security.GeneralSecurityException;
import java.security.Timestamp;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * When a signature was made, as an authority for timestamps says it in the signature (RFC 3161). The JDK has checked that the timestamp is
 * that authority's and of this very signature; here it is asked who that is.
 *
 * @param at null: it does not count, or there is none
 * @param why it does not count; empty if there is none
 */
record SignatureTime(@Nullable Instant at, String why) {

    /** id-kp-timeStamping, RFC 3161 section 2.3. */
    private static final String TIME_STAMPING = "1.3.6.1.5.5.7.3.8";

    /** @param now when the authority's certificates have to be valid too, since whoever has its key later could date back */
    static SignatureTime of(CodeSigner signer, Publishers publishers, Instant now) {
        Timestamp timestamp = signer.getTimestamp();
        if (timestamp == null) {
            return new SignatureTime(null, "");
        }
        CertPath path = timestamp.getSignerCertPath();
        String authority = path.getCertificates().getFirst() instanceof X509Certificate leaf
                ? leaf.getSubjectX500Principal().getName()
                : "nobody";
        String told = "its timestamp by " + authority + " does not count: ";
        Instant at = timestamp.getTimestamp().toInstant();
        List<X509Certificate> trusted = publishers.timestampers();
        if (trusted.isEmpty()) {
            return new SignatureTime(
                    null, told + "no authority for timestamps is trusted in " + publishers.timestamping());
        }
        if (at.isAfter(now)) {
            return new SignatureTime(null, told + "it is of " + at + ", which is yet to come");
        }
        String revoked = publishers.revocations().why(certificates(path), "");
        if (revoked != null) {
            return new SignatureTime(null, told + revoked);
        }
        try {
            for (Instant time : List.of(at, now)) {
                validate(path, trusted, time);
            }
            return new SignatureTime(at, "");
        } catch (GeneralSecurityException e) {
            return new SignatureTime(
                    null, told + e.getMessage() + " (trusted are those in " + publishers.timestamping() + ")");
        }
    }

    static List<X509Certificate> certificates(CertPath path) {
        return path.getCertificates().stream()
                .filter(X509Certificate.class::isInstance)
                .map(X509Certificate.class::cast)
                .toList();
    }

    /** Trusted is a certificate itself, or whoever issued it. */
    private static void validate(CertPath path, List<X509Certificate> trusted, Instant time)
            throws GeneralSecurityException {
        List<X509Certificate> chain = certificates(path);
        X509Certificate leaf = chain.getFirst();
        if (!stamps(leaf)) {
            throw new CertificateException("its certificate is not for timestamps");
        }
        if (trusted.stream().anyMatch(one -> one.equals(leaf))) {
            leaf.checkValidity(Date.from(time));
            return;
        }
        List<X509Certificate> below = chain.stream()
                .filter(certificate -> trusted.stream().noneMatch(certificate::equals))
                .toList();
        Set<TrustAnchor> anchors =
                trusted.stream().map(one -> new TrustAnchor(one, null)).collect(Collectors.toSet());
        PKIXParameters parameters = new PKIXParameters(anchors);
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(time));
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(below), parameters);
        for (X509Certificate one : trusted) {
            if (one.getSubjectX500Principal().equals(below.getLast().getIssuerX500Principal())) {
                one.checkValidity(Date.from(time)); // PKIX does not look at the anchor's own
            }
        }
    }

    private static boolean stamps(X509Certificate certificate) throws CertificateParsingException {
        List<String> uses = certificate.getExtendedKeyUsage();
        return uses != null && uses.contains(TIME_STAMPING);
    }
}
