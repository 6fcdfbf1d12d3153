// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.kit;

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
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;

/** A publisher with a key of its own: makes jars into other versions, makes small plugins, and signs. */
public final class SignedPlugin {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final KeyStore store;
    private final Path folder;

    private SignedPlugin(KeyStore store, Path folder) {
        this.store = store;
        this.folder = folder;
    }

    /** Makes a key pair with the JDK's keytool. */
    public static SignedPlugin publisher(Path folder, String name)
            throws IOException, GeneralSecurityException, InterruptedException {
        Files.createDirectories(folder);
        Path file = folder.resolve(name + ".p12");
        int exit = new ProcessBuilder(
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
                        "-validity",
                        "30",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        file.toString())
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IllegalStateException("keytool failed");
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return new SignedPlugin(store, folder);
    }

    /** Writes the certificate where an operator keeps those that are trusted. */
    public void trustIn(Path publishers) throws IOException, GeneralSecurityException {
        Files.createDirectories(publishers);
        Files.writeString(
                publishers.resolve("test.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(store.getCertificate("key").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    /** Signs a copy of the jar. */
    public Path sign(Path jar) throws IOException, GeneralSecurityException {
        PrivateKey key = (PrivateKey) store.getKey("key", PASSWORD);
        JarSigner signer = new JarSigner.Builder(
                        key,
                        CertificateFactory.getInstance("X.509")
                                .generateCertPath(Arrays.asList(store.getCertificateChain("key"))))
                .build();
        Path signed = Files.createTempFile(folder, "signed", ".jar");
        try (ZipFile zip = new ZipFile(jar.toFile());
                OutputStream out = Files.newOutputStream(signed)) {
            signer.sign(zip, out);
        }
        return signed;
    }

    /** A copy of a bundle with other manifest headers; unsigned. */
    public Path copy(Path jar, Map<String, String> headers) throws IOException {
        Path copy = Files.createTempFile(folder, "copy", ".jar");
        try (JarFile in = new JarFile(jar.toFile())) {
            Manifest manifest = new Manifest(in.getManifest());
            headers.forEach(manifest.getMainAttributes()::putValue);
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(copy), manifest)) {
                for (JarEntry entry : in.stream().toList()) {
                    if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        out.putNextEntry(new JarEntry(entry.getName()));
                        in.getInputStream(entry).transferTo(out);
                        out.closeEntry();
                    }
                }
            }
        }
        return copy;
    }

    /** A copy of a plugin with the classes of another bundle in it; unsigned. */
    public Path with(Path plugin, Path other) throws IOException {
        Path copy = Files.createTempFile(folder, "with", ".jar");
        try (JarFile base = new JarFile(plugin.toFile());
                JarFile added = new JarFile(other.toFile());
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(copy), base.getManifest())) {
            for (JarEntry entry : base.stream().toList()) {
                if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                    put(out, entry.getName(), base.getInputStream(entry).readAllBytes());
                }
            }
            for (JarEntry entry : added.stream().toList()) {
                if (entry.getName().endsWith(".class")) {
                    put(out, entry.getName(), added.getInputStream(entry).readAllBytes());
                }
            }
        }
        return copy;
    }

    /** A plugin of one encoder component, made of classes of the test; unsigned. */
    public Path encoder(String name, int ranking, Class<?> component, Class<?>... others) throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", name);
        headers.putValue("Bundle-Version", "1.0.0");
        headers.putValue(
                "Import-Package",
                Stream.of(
                                "io.nvremote.core;version=\"[0.1,1)\"",
                                "io.nvremote.encode;version=\"[0.1,1)\"",
                                "io.nvremote.media;version=\"[0.1,1)\"",
                                "org.bytedeco.ffmpeg.avcodec;version=\"[8.0,9)\"",
                                "org.bytedeco.ffmpeg.avutil;version=\"[8.0,9)\"",
                                "org.bytedeco.ffmpeg.global;version=\"[8.0,9)\"",
                                "org.bytedeco.ffmpeg.swscale;version=\"[8.0,9)\"",
                                "org.bytedeco.javacpp;version=\"[1.5,2)\"")
                        .collect(Collectors.joining(",")));
        headers.putValue("Provide-Capability", "io.nvremote.encode;codec:List<String>=h264;device=software");
        headers.putValue("Nvremote-Tck", "io.nvremote.encode;version=0.1");
        headers.putValue("Service-Component", "OSGI-INF/component.xml");
        Path jar = Files.createTempFile(folder, "plugin", ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            put(
                    out,
                    "OSGI-INF/component.xml",
                    component(name, ranking, component).getBytes(StandardCharsets.UTF_8));
            put(out, classFile(component), bytes(component));
            for (Class<?> other : others) {
                put(out, classFile(other), bytes(other));
            }
        }
        return jar;
    }

    private static String component(String name, int ranking, Class<?> type) {
        return """
               <?xml version="1.0" encoding="UTF-8"?>
               <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="%s">
                 <implementation class="%s"/>
                 <service><provide interface="io.nvremote.encode.Encoder"/></service>
                 <property name="service.ranking" type="Integer" value="%s"/>
                 <property name="encode.codec" type="String" value="h264"/>
                 <property name="encode.device" type="String" value="software"/>
               </scr:component>
               """.formatted(name, type.getName(), Integer.toString(ranking));
    }

    private static String classFile(Class<?> type) {
        return type.getName().replace('.', '/') + ".class";
    }

    private static byte[] bytes(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream("/" + classFile(type))) {
            if (in == null) {
                throw new IllegalStateException("no class file of " + type);
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            in.transferTo(out);
            return out.toByteArray();
        }
    }

    private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }

    /** The one jar in a module's target folder that is the bundle itself. */
    public static Path built(String module) throws IOException {
        try (var files = Files.list(Checkout.root().resolve(module).resolve("target"))) {
            List<Path> jars = files.filter(f -> f.toString().endsWith(".jar"))
                    .filter(f -> !f.getFileName().toString().matches(".*-(tests|sources|javadoc)\\.jar"))
                    .toList();
            if (jars.size() != 1) {
                throw new IllegalStateException(module + " is not built: " + jars);
            }
            return jars.getFirst();
        }
    }
}
