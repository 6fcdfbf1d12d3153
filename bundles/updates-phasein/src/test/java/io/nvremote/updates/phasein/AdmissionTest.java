// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.updates.UpdateError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionTest {

    @TempDir
    static Path keys;

    @TempDir
    Path work;

    private static KeyStore publisher;
    private static KeyStore stranger;

    @BeforeAll
    static void make_keys() throws Exception {
        publisher = keyStore("publisher");
        stranger = keyStore("stranger");
        Path trusted = Files.createDirectories(keys.resolve("publishers"));
        Files.writeString(
                trusted.resolve("acme.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(publisher.getCertificate("key").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    private static KeyStore keyStore(String name) throws IOException, GeneralSecurityException, InterruptedException {
        Path file = keys.resolve(name + ".p12");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "key",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + name,
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                file.toString());
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, "changeit".toCharArray());
            return store;
        }
    }

    private static Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Bundle-SymbolicName", "com.acme.encoder");
        headers.put("Bundle-Version", "1.2.3");
        headers.put("Provide-Capability", "io.nvremote.encode;codec=h264");
        headers.put("Nvremote-Tck", "io.nvremote.encode;version=1.0");
        return headers;
    }

    private Path jar(Map<String, String> headers) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach(manifest.getMainAttributes()::putValue);
        Path file = Files.createTempFile(work, "plain", ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            entry(out, "com/acme/Encoder.class", "bytes of a class");
        }
        return file;
    }

    private static void entry(JarOutputStream out, String name, String content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content.getBytes(StandardCharsets.UTF_8));
        out.closeEntry();
    }

    private Path sign(Path jar, KeyStore store) throws IOException, GeneralSecurityException {
        PrivateKey key = (PrivateKey) store.getKey("key", "changeit".toCharArray());
        Certificate[] chain = store.getCertificateChain("key");
        JarSigner signer = new JarSigner.Builder(
                        key, CertificateFactory.getInstance("X.509").generateCertPath(List.of(chain)))
                .build();
        Path signed = Files.createTempFile(work, "signed", ".jar");
        try (ZipFile zip = new ZipFile(jar.toFile());
                OutputStream out = Files.newOutputStream(signed)) {
            signer.sign(zip, out);
        }
        return signed;
    }

    /** Copies a signed jar, changes one entry's content and adds further ones. */
    private Path rewrite(Path jar, String changed, String... added) throws IOException {
        Path file = Files.createTempFile(work, "rewritten", ".jar");
        try (JarFile in = new JarFile(jar.toFile(), false);
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(file))) {
            for (JarEntry entry : in.stream().toList()) {
                byte[] bytes = in.getInputStream(entry).readAllBytes();
                entry(
                        out,
                        entry.getName(),
                        new String(bytes, StandardCharsets.ISO_8859_1),
                        entry.getName().equals(changed));
            }
            for (String name : added) {
                entry(out, name, "added");
            }
        }
        return file;
    }

    private static void entry(JarOutputStream out, String name, String content, boolean change) throws IOException {
        out.putNextEntry(new JarEntry(name));
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        if (change) {
            bytes[0] ^= 1;
        }
        out.write(bytes);
        out.closeEntry();
    }

    /** Refused with that code, and the message has these words. */
    private static void refused(Path jar, UpdateError code, String... words) {
        assertThatThrownBy(() -> new Admission(keys.resolve("publishers")).admit(jar))
                .isInstanceOfSatisfying(StreamException.class, e -> {
                    assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
                    List.of(words).forEach(word -> assertThat(e).hasMessageContaining(word));
                });
    }

    @Test
    void a_plugin_signed_by_a_publisher_is_admitted_with_the_very_bytes_of_its_file() throws Exception {
        Path jar = sign(jar(headers()), publisher);
        Admission.Admitted plugin = new Admission(keys.resolve("publishers")).admit(jar);
        assertThat(plugin.name()).isEqualTo("com.acme.encoder");
        assertThat(plugin.version()).isEqualTo("1.2.3");
        assertThat(plugin.publisher()).isEqualTo("CN=publisher");
        assertThat(plugin.content().open().readAllBytes()).isEqualTo(Files.readAllBytes(jar));
    }

    @Test
    void an_unsigned_plugin_is_refused() throws Exception {
        refused(jar(headers()), UpdateError.NOT_SIGNED);
    }

    @Test
    void a_plugin_signed_by_a_stranger_is_refused() throws Exception {
        refused(sign(jar(headers()), stranger), UpdateError.UNKNOWN_PUBLISHER, "CN=stranger", keys.toString());
    }

    @Test
    void a_changed_or_added_file_is_found_out() throws Exception {
        Path signed = sign(jar(headers()), publisher);
        refused(rewrite(signed, "com/acme/Encoder.class"), UpdateError.TAMPERED);
        refused(rewrite(signed, "", "com/acme/Added.class"), UpdateError.NOT_SIGNED);
        refused(rewrite(signed, "", "META-INF/services/evil"), UpdateError.NOT_SIGNED);
    }

    @Test
    void a_bundle_that_declares_nothing_or_wires_into_others_is_refused() throws Exception {
        for (String missing : List.of("Provide-Capability", "Nvremote-Tck", "Bundle-SymbolicName")) {
            Map<String, String> headers = headers();
            headers.remove(missing);
            refused(
                    sign(jar(headers), publisher),
                    UpdateError.NOT_A_PLUGIN,
                    missing.equals("Provide-Capability") ? "capability io.nvremote." : missing);
        }
        for (String banned : List.of("Fragment-Host", "Bundle-Activator", "DynamicImport-Package")) {
            Map<String, String> headers = headers();
            headers.put(banned, "x");
            refused(sign(jar(headers), publisher), UpdateError.NOT_A_PLUGIN, banned);
        }
    }

    @Test
    void a_name_or_version_that_is_none_is_refused() throws Exception {
        for (String name : List.of("../../elsewhere", "a/b", "com..acme", "")) {
            Map<String, String> headers = headers();
            headers.put("Bundle-SymbolicName", name);
            refused(sign(jar(headers), publisher), UpdateError.NOT_A_PLUGIN, "Bundle-SymbolicName");
        }
        Map<String, String> headers = headers();
        headers.put("Bundle-Version", "1.0-SNAPSHOT");
        refused(sign(jar(headers), publisher), UpdateError.NOT_A_PLUGIN, "1.0-SNAPSHOT");
    }

    @Test
    void a_file_that_is_no_jar_is_refused() throws Exception {
        refused(Files.writeString(work.resolve("x.jar"), "hello"), UpdateError.FILE_UNREADABLE, "no jar");
        refused(work.resolve("absent.jar"), UpdateError.FILE_UNREADABLE, "no such file");
    }
}
