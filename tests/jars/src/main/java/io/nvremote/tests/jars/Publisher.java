// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.jars;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;
import org.jspecify.annotations.Nullable;

/** A publisher with a key and a certificate of its own, made and used with the JDK's tools. Immutable. */
public final class Publisher {

    private static final String PASSWORD = "changeit";
    private static final List<String> KEY = List.of("-keyalg", "EC", "-groupname", "secp256r1");

    private final KeyStore store;
    private final Path folder;
    private final String name;

    private Publisher(KeyStore store, Path folder, String name) {
        this.store = store;
        this.folder = folder;
        this.name = name;
    }

    /**
     * Makes the key with keytool.
     *
     * @param folder where the key lies, and what it signs
     * @param options of keytool, in place of a curve's key that is valid for 30 days
     */
    public static Publisher of(Path folder, String name, String... options)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path file = Files.createDirectories(folder).resolve(name + ".p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "-genkeypair",
                "-alias",
                "key",
                "-dname",
                "CN=" + name,
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString()));
        List<String> more = List.of(options);
        if (!more.contains("-keyalg")) {
            command.addAll(KEY);
        }
        if (!more.contains("-validity")) {
            command.addAll(List.of("-validity", "30"));
        }
        command.addAll(more);
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException("keytool failed");
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return new Publisher(store, folder, name);
    }

    /** Writes the certificate where an operator keeps those that are trusted. */
    public Publisher trustIn(Path publishers) throws IOException, GeneralSecurityException {
        Files.writeString(
                Files.createDirectories(publishers).resolve(name + ".pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(store.getCertificate("key").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        return this;
    }

    public X509Certificate certificate() throws GeneralSecurityException {
        return (X509Certificate) store.getCertificate("key");
    }

    /** Signs a copy of the jar. */
    public Path sign(Path jar) throws IOException, GeneralSecurityException {
        return sign(jar, "SIGNER", "SHA-256");
    }

    /**
     * As {@link #sign(Path)} with other words in it.
     *
     * @param signature names its files in the jar, with at most eight letters
     */
    public Path sign(Path jar, String signature, String digest) throws IOException, GeneralSecurityException {
        return sign(jar, signature, digest, null);
    }

    /** As {@link #sign(Path)}, with a timestamp of the authority that answers there (RFC 3161). */
    public Path signAt(Path jar, URI authority) throws IOException, GeneralSecurityException {
        return sign(jar, "SIGNER", "SHA-256", authority);
    }

    private Path sign(Path jar, String signature, String digest, @Nullable URI authority)
            throws IOException, GeneralSecurityException {
        JarSigner.Builder builder = new JarSigner.Builder(
                        (PrivateKey) store.getKey("key", PASSWORD.toCharArray()),
                        CertificateFactory.getInstance("X.509")
                                .generateCertPath(List.of(store.getCertificateChain("key"))))
                .signerName(signature)
                .digestAlgorithm(digest);
        if (authority != null) {
            builder.tsa(authority);
        }
        JarSigner signer = builder.build();
        Path signed = Files.createTempFile(folder, "signed", ".jar");
        try (ZipFile zip = new ZipFile(jar.toFile());
                OutputStream out = Files.newOutputStream(signed)) {
            signer.sign(zip, out);
        }
        return signed;
    }
}
