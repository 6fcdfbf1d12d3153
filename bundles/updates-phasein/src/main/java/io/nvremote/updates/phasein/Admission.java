// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.core.StreamException;
import io.nvremote.updates.Plugins;
import io.nvremote.updates.UpdateError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.CodeSigner;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Version;

/**
 * Decides whether a file may become a plugin: every entry signed, by one of the pinned publishers, unchanged since, and
 * the bundle says what it provides. What is admitted is the very bytes that were verified (a file that is verified and
 * then read again can change in between).
 */
final class Admission {

    /** Larger than any plugin with natives for one platform has reason to be. */
    private static final long MAX_BYTES = 256L << 20;

    private static final String NAMESPACE = "io.nvremote.";
    private static final Pattern SYMBOLIC_NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
    private static final List<String> BANNED =
            List.of("Fragment-Host", "Bundle-Activator", "DynamicImport-Package", "Require-Bundle", "Export-Package");

    private final Path publishers;

    Admission(Path publishers) {
        this.publishers = publishers;
    }

    /** A plugin that may be installed; its content is exactly what was verified. */
    record Admitted(String name, String version, String publisher, String sha256, Content content) {}

    /** The verified bytes of a file, lent for reading. */
    static final class Content {

        private final byte[] bytes;

        private Content(byte[] bytes) {
            this.bytes = bytes;
        }

        InputStream open() {
            return new ByteArrayInputStream(bytes);
        }
    }

    /** Reads the file once, verifies what was read and answers just that. */
    Admitted admit(Path file) {
        Path staged = null;
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new StreamException(UpdateError.FILE_UNREADABLE, file.getFileName() + " is larger than 256 MiB");
            }
            byte[] bytes = Files.readAllBytes(file);
            staged = Files.createTempFile(
                    "plugin",
                    ".jar",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(staged, bytes);
            return verify(staged, bytes);
        } catch (NoSuchFileException e) {
            throw new StreamException(UpdateError.FILE_UNREADABLE, "no such file: " + file, e);
        } catch (AccessDeniedException e) {
            throw new StreamException(UpdateError.FILE_UNREADABLE, "this runtime's user may not read " + file, e);
        } catch (IOException e) {
            throw new StreamException(UpdateError.FILE_UNREADABLE, file.getFileName() + " is no jar", e);
        } finally {
            discard(staged);
        }
    }

    private static void discard(@Nullable Path staged) {
        if (staged != null && !staged.toFile().delete()) {
            staged.toFile().deleteOnExit();
        }
    }

    private Admitted verify(Path staged, byte[] bytes) throws IOException {
        Map<PublicKey, String> trusted = trusted();
        try (JarFile jar = new JarFile(staged.toFile(), true, ZipFile.OPEN_READ)) {
            String publisher = "";
            Set<String> names = new HashSet<>();
            Enumeration<JarEntry> entries = jar.entries();
            while (entries.hasMoreElements()) {
                JarEntry entry = entries.nextElement();
                if (!names.add(entry.getName())) {
                    throw new StreamException(UpdateError.TAMPERED, "an entry occurs twice: " + entry.getName());
                }
                drain(jar, entry);
                if (!entry.isDirectory() && !isSignature(entry.getName())) {
                    publisher = publisher(entry, trusted);
                }
            }
            Attributes manifest = jar.getManifest() == null
                    ? new Attributes()
                    : jar.getManifest().getMainAttributes();
            return describe(manifest, publisher, bytes);
        } catch (SecurityException e) {
            throw new StreamException(UpdateError.TAMPERED, "the plugin does not match its signature", e);
        }
    }

    /** Signatures are checked while an entry is read to its end. */
    private static void drain(JarFile jar, JarEntry entry) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static boolean isSignature(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        boolean top = upper.startsWith("META-INF/") && upper.indexOf('/', 9) < 0;
        return top
                && (upper.equals("META-INF/MANIFEST.MF")
                        || upper.endsWith(".SF")
                        || upper.endsWith(".RSA")
                        || upper.endsWith(".DSA")
                        || upper.endsWith(".EC"));
    }

    private String publisher(JarEntry entry, Map<PublicKey, String> trusted) {
        CodeSigner[] signers = entry.getCodeSigners();
        if (signers == null || signers.length == 0) {
            throw new StreamException(UpdateError.NOT_SIGNED, "not signed: " + entry.getName());
        }
        for (CodeSigner signer : signers) {
            Certificate leaf = signer.getSignerCertPath().getCertificates().getFirst();
            String subject = trusted.get(leaf.getPublicKey());
            if (subject != null) {
                return subject;
            }
        }
        Certificate first = signers[0].getSignerCertPath().getCertificates().getFirst();
        String who =
                first instanceof X509Certificate x ? x.getSubjectX500Principal().getName() : "unknown";
        throw new StreamException(
                UpdateError.UNKNOWN_PUBLISHER, "signed by " + who + ", whose certificate is not in " + publishers);
    }

    private Map<PublicKey, String> trusted() throws IOException {
        Map<PublicKey, String> keys = new HashMap<>();
        try (Stream<Path> files = Files.list(publishers)) {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Path file : files.filter(f -> f.toString().endsWith(".pem")).toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    X509Certificate certificate = (X509Certificate) factory.generateCertificate(in);
                    keys.put(
                            certificate.getPublicKey(),
                            certificate.getSubjectX500Principal().getName());
                }
            }
        } catch (CertificateException e) {
            throw new StreamException(
                    UpdateError.UNKNOWN_PUBLISHER, "a file in " + publishers + " is not a certificate", e);
        }
        return keys;
    }

    private static Admitted describe(Attributes manifest, String publisher, byte[] bytes) {
        String name = manifest.getValue("Bundle-SymbolicName");
        String version = manifest.getValue("Bundle-Version");
        String provides = manifest.getValue("Provide-Capability");
        if (publisher.isEmpty()) {
            throw new StreamException(UpdateError.NOT_A_PLUGIN, "the jar has nothing in it");
        }
        if (name == null || version == null) {
            throw new StreamException(
                    UpdateError.NOT_A_PLUGIN,
                    "the jar is no bundle: its manifest lacks Bundle-SymbolicName or Bundle-Version (build it with bnd)");
        }
        if (provides == null || !provides.contains(NAMESPACE)) {
            throw new StreamException(
                    UpdateError.NOT_A_PLUGIN,
                    name + " provides no capability " + NAMESPACE
                            + "* (annotate the component, as with @EncoderPlugin)");
        }
        if (manifest.getValue(Plugins.TCK_HEADER) == null) {
            throw new StreamException(
                    UpdateError.NOT_A_PLUGIN,
                    name + " lacks the header " + Plugins.TCK_HEADER
                            + ": say in bnd.bnd which contract tests it passed, for example " + Plugins.TCK_HEADER
                            + ": io.nvremote.encode;version=1.0");
        }
        for (String header : BANNED) {
            if (manifest.getValue(header) != null) {
                throw new StreamException(
                        UpdateError.NOT_A_PLUGIN, name + " has the header " + header + ", which no plugin may have");
            }
        }
        return new Admitted(symbolic(name), numbered(version), publisher, sha256(bytes), new Content(bytes));
    }

    /** The name without directives; it names files too, so nothing but what OSGi allows gets through. */
    private static String symbolic(String header) {
        int semicolon = header.indexOf(';');
        String name = (semicolon < 0 ? header : header.substring(0, semicolon)).strip();
        if (!SYMBOLIC_NAME.matcher(name).matches()) {
            throw new StreamException(UpdateError.NOT_A_PLUGIN, "Bundle-SymbolicName is no name: " + name);
        }
        return name;
    }

    private static String numbered(String header) {
        try {
            return Version.parseVersion(header).toString();
        } catch (IllegalArgumentException e) {
            throw new StreamException(
                    UpdateError.NOT_A_PLUGIN, "Bundle-Version must be like 1.2.3 or 1.2.3.qualifier: " + header, e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
