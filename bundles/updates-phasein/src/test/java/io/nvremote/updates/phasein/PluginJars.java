// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;

/** Makes jars with the JDK's own tools: plain, signed, and changed after they were signed. */
final class PluginJars {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private PluginJars() {}

    /** A publisher's key, made by keytool; {@code more} are further options of it. */
    static KeyStore keyStore(Path folder, String name, String... more)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path file = folder.resolve(name + ".p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "key",
                "-dname",
                "CN=" + name,
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                file.toString()));
        command.addAll(
                more.length == 0
                        ? List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30")
                        : List.of(more));
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException("keytool failed");
        }
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD);
            return store;
        }
    }

    static void trust(KeyStore store, Path file) throws IOException, GeneralSecurityException {
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(store.getCertificate("key").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    static Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Bundle-ManifestVersion", "2");
        headers.put("Bundle-SymbolicName", "com.acme.encoder");
        headers.put("Bundle-Version", "1.2.3");
        headers.put("Provide-Capability", "io.nvremote.encode;codec=h264");
        headers.put("Nvremote-Tck", "io.nvremote.encode;version=0.1");
        return headers;
    }

    static Path jar(Path folder, Map<String, String> headers, Map<String, byte[]> entries) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach(manifest.getMainAttributes()::putValue);
        Path file = Files.createTempFile(folder, "plain", ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                put(out, entry.getKey(), entry.getValue());
            }
        }
        return file;
    }

    static Path jar(Path folder, Map<String, String> headers) throws IOException {
        return jar(
                folder, headers, Map.of("com/acme/Encoder.class", "bytes of a class".getBytes(StandardCharsets.UTF_8)));
    }

    static void put(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }

    static Path sign(Path jar, KeyStore store, String name, String digest)
            throws IOException, GeneralSecurityException {
        PrivateKey key = (PrivateKey) store.getKey("key", PASSWORD);
        JarSigner signer = new JarSigner.Builder(
                        key,
                        CertificateFactory.getInstance("X.509")
                                .generateCertPath(List.of(store.getCertificateChain("key"))))
                .signerName(name)
                .digestAlgorithm(digest)
                .build();
        Path signed = Files.createTempFile(jar.getParent(), "signed", ".jar");
        try (ZipFile zip = new ZipFile(jar.toFile());
                OutputStream out = Files.newOutputStream(signed)) {
            signer.sign(zip, out);
        }
        return signed;
    }

    static Path sign(Path jar, KeyStore store) throws IOException, GeneralSecurityException {
        return sign(jar, store, "SIGNER", "SHA-256");
    }

    /** What becomes of one entry of a jar. */
    interface Change {
        byte[] of(String name, byte[] content);
    }

    /** A copy without some entries, with others changed, and with added ones at its end. */
    static Path rewrite(Path jar, Predicate<String> dropped, Change change, Map<String, byte[]> added)
            throws IOException {
        Path file = Files.createTempFile(jar.getParent(), "rewritten", ".jar");
        try (JarFile in = new JarFile(jar.toFile(), false);
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(file))) {
            for (JarEntry entry : in.stream().toList()) {
                if (!dropped.test(entry.getName())) {
                    byte[] content = in.getInputStream(entry).readAllBytes();
                    put(out, entry.getName(), change.of(entry.getName(), content));
                }
            }
            for (Map.Entry<String, byte[]> entry : added.entrySet()) {
                put(out, entry.getKey(), entry.getValue());
            }
        }
        return file;
    }

    static Path add(Path jar, String... names) throws IOException {
        Map<String, byte[]> added = new LinkedHashMap<>();
        for (String name : names) {
            added.put(name, "added".getBytes(StandardCharsets.UTF_8));
        }
        return rewrite(jar, n -> false, (n, b) -> b, added);
    }

    static Path drop(Path jar, Predicate<String> dropped) throws IOException {
        return rewrite(jar, dropped, (n, b) -> b, Map.of());
    }

    /** A copy whose bytes went through {@code change} as a whole. */
    static Path bytes(Path jar, java.util.function.UnaryOperator<byte[]> change) throws IOException {
        Path file = Files.createTempFile(jar.getParent(), "bytes", ".jar");
        Files.write(file, change.apply(Files.readAllBytes(jar)));
        return file;
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** Replaces the bytes of one text by another of the same length, at its n-th place. */
    static byte[] replace(byte[] bytes, String from, String to, int nth) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = -1;
        for (int i = 0; i < nth; i++) {
            at = text.indexOf(from, at + 1);
        }
        String changed = text.substring(0, at) + to + text.substring(at + from.length());
        return changed.getBytes(StandardCharsets.ISO_8859_1);
    }
}
