// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys.file;

import io.nvremote.lib.pem.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The PEM files of one end of TLS.
 *
 * @param certificate own certificate, then its issuers
 * @param key its private key, PKCS#8
 * @param authority whose certificates are believed
 */
record KeyFiles(Path certificate, Path key, Path authority) {

    /** What the files held. */
    record Material(X509ExtendedKeyManager keys, X509ExtendedTrustManager trust, X509Certificate own) {}

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
        List<X509Certificate> chain = certificates(certificate);
        PrivateKey secret = read(key, Pem::privateKey);
        requirePair(secret, chain.getFirst());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, none);
        store.setKeyEntry("own", secret, none, chain.toArray(Certificate[]::new));
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
        return new Material(
                (X509ExtendedKeyManager) keys.getKeyManagers()[0],
                (X509ExtendedTrustManager) trust.getTrustManagers()[0],
                chain.getFirst());
    }

    /** Files that are exchanged one after the other do not belong together for a moment. */
    private void requirePair(PrivateKey secret, X509Certificate own) throws GeneralSecurityException {
        String algorithm =
                switch (secret.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> secret.getAlgorithm();
                };
        byte[] probe = "the key and the certificate belong together".getBytes(StandardCharsets.US_ASCII);
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(secret);
        signing.update(probe);
        byte[] signature = signing.sign();
        if (secret.getAlgorithm().equals(own.getPublicKey().getAlgorithm())) {
            signing.initVerify(own.getPublicKey());
            signing.update(probe);
            if (signing.verify(signature)) {
                return;
            }
        }
        throw new GeneralSecurityException(key + " is not the key of " + certificate);
    }

    private static List<X509Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        return read(file, Pem::certificates);
    }

    private interface Reader<T> {
        T read(String text) throws GeneralSecurityException;
    }

    private static <T> T read(Path file, Reader<T> reader) throws IOException, GeneralSecurityException {
        try {
            return reader.read(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (GeneralSecurityException e) {
            throw new GeneralSecurityException(file + " can't be used: " + e.getMessage(), e);
        }
    }
}
