// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.jars;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Makes jars of headers and bytes, and others out of them: what a vendor's build does, and what nobody's should. */
public final class JarFiles {

    private JarFiles() {}

    /** Headers of a bundle that may become a plugin. */
    public static Map<String, String> pluginHeaders() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Bundle-ManifestVersion", "2");
        headers.put("Bundle-SymbolicName", "com.acme.encoder");
        headers.put("Bundle-Version", "1.2.3");
        headers.put("Provide-Capability", "io.nvremote.encode;codec=h264");
        headers.put("Nvremote-Tck", "io.nvremote.encode;version=0.1");
        return headers;
    }

    /** A new jar in the folder. */
    public static Path jar(Path folder, Map<String, String> headers, Map<String, byte[]> entries) throws IOException {
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

    /** One with something in it that looks like a class. */
    public static Path jar(Path folder, Map<String, String> headers) throws IOException {
        return jar(
                folder, headers, Map.of("com/acme/Encoder.class", "bytes of a class".getBytes(StandardCharsets.UTF_8)));
    }

    /** A copy with other manifest headers; signatures are left out. */
    public static Path withHeaders(Path jar, Path folder, Map<String, String> headers) throws IOException {
        try (JarFile in = new JarFile(jar.toFile(), false)) {
            Manifest manifest = new Manifest(in.getManifest());
            headers.forEach(manifest.getMainAttributes()::putValue);
            Map<String, byte[]> entries = new LinkedHashMap<>();
            for (JarEntry entry : in.stream().toList()) {
                boolean signature = entry.getName().matches("META-INF/.*\\.(SF|EC|RSA|DSA)");
                if (!signature && !entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                    entries.put(entry.getName(), in.getInputStream(entry).readAllBytes());
                }
            }
            return write(Files.createTempFile(folder, "copy", ".jar"), manifest, entries);
        }
    }

    /** A copy with the classes of another jar in it. */
    public static Path withClasses(Path jar, Path other) throws IOException {
        Map<String, byte[]> classes = new LinkedHashMap<>();
        try (JarFile in = new JarFile(other.toFile(), false)) {
            for (JarEntry entry : in.stream().toList()) {
                if (entry.getName().endsWith(".class")) {
                    classes.put(entry.getName(), in.getInputStream(entry).readAllBytes());
                }
            }
        }
        return rewrite(jar, n -> false, (n, b) -> b, classes);
    }

    private static Path write(Path file, Manifest manifest, Map<String, byte[]> entries) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                put(out, entry.getKey(), entry.getValue());
            }
        }
        return file;
    }

    private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }

    /** The path of a class in a jar. */
    public static String path(Class<?> type) {
        return type.getName().replace('.', '/') + ".class";
    }

    /** What the compiler made of it. */
    public static byte[] bytes(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream("/" + path(type))) {
            if (in == null) {
                throw new IllegalStateException("no class file of " + type);
            }
            return in.readAllBytes();
        }
    }

    /** What becomes of one entry of a jar. */
    public interface Change {
        byte[] of(String name, byte[] content);
    }

    /** A copy without some entries, with others changed, and with added ones at its end. */
    public static Path rewrite(Path jar, Predicate<String> dropped, Change change, Map<String, byte[]> added)
            throws IOException {
        Path file = Files.createTempFile(jar.toAbsolutePath().getParent(), "rewritten", ".jar");
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

    public static Path add(Path jar, String... names) throws IOException {
        Map<String, byte[]> added = new LinkedHashMap<>();
        for (String name : names) {
            added.put(name, "added".getBytes(StandardCharsets.UTF_8));
        }
        return rewrite(jar, n -> false, (n, b) -> b, added);
    }

    public static Path drop(Path jar, Predicate<String> dropped) throws IOException {
        return rewrite(jar, dropped, (n, b) -> b, Map.of());
    }

    /** A copy in whose entry, the first with that ending, one text is another of the same length. */
    public static Path change(Path jar, String ending, String from, String to) throws IOException {
        return rewrite(jar, n -> false, (name, b) -> name.endsWith(ending) ? replace(b, from, to, 1) : b, Map.of());
    }

    /** A copy whose bytes went through {@code change} as a whole. */
    public static Path bytes(Path jar, UnaryOperator<byte[]> change) throws IOException {
        Path file = Files.createTempFile(jar.toAbsolutePath().getParent(), "bytes", ".jar");
        return Files.write(file, change.apply(Files.readAllBytes(jar)));
    }

    public static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** Replaces the bytes of one text by another of the same length, at its n-th place. */
    public static byte[] replace(byte[] bytes, String from, String to, int nth) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = -1;
        for (int i = 0; i < nth; i++) {
            at = text.indexOf(from, at + 1);
        }
        String changed = text.substring(0, at) + to + text.substring(at + from.length());
        return changed.getBytes(StandardCharsets.ISO_8859_1);
    }
}
