// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The PEM files of a TLS port. */
record KeyFiles(Path certificate, Path key, Path authority) {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    /** What the files held. */
    record Material(X509ExtendedKeyManager keys, X509ExtendedTrustManager trust) {}

    /** Changes when one of the files does; -1 if one is missing. */
    long stamp() {
        long stamp = 0;
        for (Path file : List.of(certificate, key, authority)) {
            try {
                stamp = 31 * stamp + Files.getLastModifiedTime(file).toMillis() + 7 * Files.size(file);
            } catch (IOException e) {
                return -1; // Missing is an ordinary state before the first start of the authority.
            }
        }
        return stamp & Long.MAX_VALUE;
    }

    Material read() throws IOException, GeneralSecurityException {
        char[] none = new char[0];
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, none);
        store.setKeyEntry(
                "server", privateKey(), none, certificates(certificate).toArray(Certificate[]::new));
        // Not "PKIX": that one asks the key store at each handshake, which derives a key with 10 000 rounds each time.
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(store, none);

        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, none);
        int number = 0;
        for (Certificate root : certificates(authority)) {
            roots.setCertificateEntry("root-" + number++, root);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(roots);
        return new Material((X509ExtendedKeyManager) keys.getKeyManagers()[0], (X509ExtendedTrustManager)
                trust.getTrustManagers()[0]);
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
        if (found.isEmpty()) {
            throw new GeneralSecurityException("no certificate in " + file.getFileName());
        }
        return found;
    }

    private PrivateKey privateKey() throws IOException, GeneralSecurityException {
        Matcher pem = KEY.matcher(Files.readString(key, StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw new GeneralSecurityException("no PKCS#8 private key in " + key.getFileName());
        }
        PKCS8EncodedKeySpec spec =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        GeneralSecurityException refusal =
                new GeneralSecurityException("the key in " + key.getFileName() + " is neither EC, EdDSA nor RSA");
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
