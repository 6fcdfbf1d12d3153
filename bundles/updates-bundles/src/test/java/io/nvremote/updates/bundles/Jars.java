// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.bundles;

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
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;
import org.jspecify.annotations.Nullable;

/** Bundles of one component each, made and signed with the JDK's own tools. */
final class Jars {

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String SUPPLIER = "interface='java.util.function.Supplier'";

    private final Path folder;

    Jars(Path folder) {
        this.folder = folder;
    }

    KeyStore key(String name) throws IOException, GeneralSecurityException, InterruptedException {
        Path file = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "key",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        file.toString())
                .inheritIO()
                .start();
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException("keytool failed");
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    static void trust(KeyStore store, Path publishers) throws IOException, GeneralSecurityException {
        Files.createDirectories(publishers);
        Files.writeString(
                publishers.resolve("operator.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(store.getCertificate("key").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    Path sign(Path jar, KeyStore store) throws IOException, GeneralSecurityException {
        JarSigner signer = new JarSigner.Builder(
                        (PrivateKey) store.getKey("key", PASSWORD),
                        CertificateFactory.getInstance("X.509")
                                .generateCertPath(List.of(store.getCertificateChain("key"))))
                .build();
        Path signed = Files.createTempFile(folder, "signed", ".jar");
        try (ZipFile zip = new ZipFile(jar.toFile());
                OutputStream out = Files.newOutputStream(signed)) {
            signer.sign(zip, out);
        }
        return signed;
    }

    /** Offers what {@link #user} needs. */
    Path part(String version, Class<?> type, Map<String, String> more) throws IOException {
        return jar("a.part", version, type, "", "<service><provide " + SUPPLIER + "/></service>", more);
    }

    Path part(String version) throws IOException {
        return part(version, Parts.Good.class, Map.of());
    }

    Path user() throws IOException {
        return jar(
                "a.user",
                "1.0.0",
                Parts.User.class,
                "init='1'",
                "<service><provide interface='io.nvremote.runtime.Underway'/></service><reference name='it' parameter='0' "
                        + SUPPLIER + "/>",
                Map.of("Import-Package", "a.api,io.nvremote.runtime"));
    }

    /** A package that {@link #user} is wired to. */
    Path api(String version) throws IOException {
        return jar("a.api", version, null, "", "", Map.of("Export-Package", "a.api;version=" + version));
    }

    private Path jar(
            String name,
            String version,
            @Nullable Class<?> type,
            String attributes,
            String content,
            Map<String, String> more)
            throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Manifest-Version", "1.0");
        headers.put("Bundle-ManifestVersion", "2");
        headers.put("Bundle-SymbolicName", name);
        headers.put("Bundle-Version", version);
        if (type != null) {
            headers.put("Service-Component", "OSGI-INF/it.xml");
            headers.put(
                    "Require-Capability",
                    "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.4)(!(version>=2)))\"");
        }
        headers.putAll(more);
        Manifest manifest = new Manifest();
        headers.forEach(manifest.getMainAttributes()::putValue);
        Path jar = Files.createTempFile(folder, name, ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            if (type == null) {
                put(out, name.replace('.', '/') + "/nothing.txt", new byte[] {1});
            } else {
                String xml = "<scr:component xmlns:scr='http://www.osgi.org/xmlns/scr/v1.4.0' name='" + name
                        + "' immediate='true' " + attributes + "><implementation class='" + type.getName() + "'/>"
                        + content + "</scr:component>";
                put(out, "OSGI-INF/it.xml", xml.getBytes(StandardCharsets.UTF_8));
                for (Class<?> each : List.of(Parts.class, type)) {
                    String file = each.getName().replace('.', '/') + ".class";
                    try (InputStream in = each.getClassLoader().getResourceAsStream(file)) {
                        put(out, file, in.readAllBytes());
                    }
                }
            }
        }
        return jar;
    }

    private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }
}
