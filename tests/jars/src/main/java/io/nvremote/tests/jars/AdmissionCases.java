// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.jars;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Files that are offered as plugins, good ones and those of people who make mistakes or mean harm: one thing is wrong with each. The
 * runtime that they are for trusts {@link #publishers}, and has the bundles of {@link #own}.
 */
public final class AdmissionCases {

    private static final String TAMPERED = "TAMPERED";
    private static final String NOT_A_PLUGIN = "NOT_A_PLUGIN";
    private static final String NOT_COMPATIBLE = "NOT_COMPATIBLE";
    private static final String NAME_TAKEN = "NAME_TAKEN";
    private static final String FILE_UNREADABLE = "FILE_UNREADABLE";
    private static final String MANIFEST = "MANIFEST.MF";

    private final Path work;
    private final Publisher publisher;
    private final List<AdmissionCase> cases = new ArrayList<>();

    private AdmissionCases(Path work) throws IOException, GeneralSecurityException, InterruptedException {
        this.work = Files.createDirectories(work);
        this.publisher = publisher("publisher");
    }

    private Publisher publisher(String name, String... options)
            throws IOException, GeneralSecurityException, InterruptedException {
        return Publisher.of(work, name, options).trustIn(publishers(work));
    }

    /** Where the trusted certificates are; one file among them is none. */
    public static Path publishers(Path work) {
        return work.resolve("publishers");
    }

    /** The bundles that the runtime is shipped with, unsigned. */
    public static List<Path> own(Path work) throws IOException {
        Files.createDirectories(work);
        return List.of(
                bundle(work, "io.nvremote.encode.software", "0.2.0", "Provide-Capability", "io.nvremote.encode"),
                bundle(work, "io.nvremote.words", "0.2.0", "Export-Package", "io.nvremote.words;version=0.2.0"),
                bundle(work, "org.example.library", "3.1.0", "Export-Package", "org.example;version=\"3.1.0\""));
    }

    private static Path bundle(Path work, String name, String version, String header, String value) throws IOException {
        return JarFiles.jar(
                work,
                Map.of(
                        "Bundle-ManifestVersion",
                        "2",
                        "Bundle-SymbolicName",
                        name + ";a:=b",
                        "Bundle-Version",
                        version,
                        header,
                        value));
    }

    /** Makes them all; the keys and the trusted certificates too. */
    public static List<AdmissionCase> make(Path work)
            throws IOException, GeneralSecurityException, InterruptedException {
        AdmissionCases all = new AdmissionCases(work);
        Files.writeString(publishers(work).resolve("broken.pem"), "no certificate");
        all.good();
        all.signers();
        all.revoked();
        all.added();
        all.changed();
        all.archives();
        all.headers();
        all.names();
        all.noJars();
        return List.copyOf(all.cases);
    }

    private void is(String name, Path jar, String code, String words) {
        cases.add(new AdmissionCase(name, jar, code, words, false));
    }

    private Path plain(Map<String, String> headers) throws IOException {
        return JarFiles.jar(work, headers);
    }

    private Path signed() throws IOException, GeneralSecurityException {
        return publisher.sign(plain(JarFiles.pluginHeaders()));
    }

    private Path signed(String header, String value) throws IOException, GeneralSecurityException {
        Map<String, String> headers = JarFiles.pluginHeaders();
        headers.keySet().removeIf(header::equalsIgnoreCase);
        headers.put(header, value);
        return publisher.sign(plain(headers));
    }

    private void good() throws IOException, GeneralSecurityException, InterruptedException {
        is("a plugin", signed(), "", "");
        Path link = work.resolve("link.jar");
        is("a link to a plugin", Files.createSymbolicLink(link, signed()), "", "");
        Path stranger = Publisher.of(work, "other").sign(plain(JarFiles.pluginHeaders()), "OTHER", "SHA-256");
        is("a second signature over everything", publisher.sign(stranger), "", "");
        is("SHA-384", publisher.sign(plain(JarFiles.pluginHeaders()), "SIGNER", "SHA-384"), "", "");
        is("for an older Java", signed("Bundle-RequiredExecutionEnvironment", "J2SE-1.5, JavaSE-99"), "", "");
        is(
                "a Java that is not asked for yet",
                signed("Require-Capability", "osgi.ee;filter:=\"(osgi.ee=X)\";resolution:=optional"),
                "",
                "");
    }

    private void revoked() throws IOException, GeneralSecurityException, InterruptedException {
        Publisher gone = publisher("gone");
        Publisher stolen = publisher("stolen");
        Path thief = work.resolve("thief.jar");
        Files.move(publisher.sign(plain(JarFiles.pluginHeaders())), thief);
        Files.writeString(publishers(work).resolve("revoked.txt"), """
                # as an operator writes it

                serial %s left the company
                key\tsha256:%s
                file %s  sends pictures elsewhere
                """.formatted(
                        gone.certificate().getSerialNumber().toString(16),
                        sha256(stolen.certificate().getPublicKey().getEncoded()).toUpperCase(Locale.ROOT),
                        sha256(Files.readAllBytes(thief))));
        is(
                "a revoked certificate",
                gone.sign(plain(JarFiles.pluginHeaders())),
                "REVOKED",
                "the certificate of CN=gone is revoked (revoked.txt, line 3): left the company");
        is(
                "a revoked key",
                stolen.sign(plain(JarFiles.pluginHeaders())),
                "REVOKED",
                "the key of CN=stolen is revoked (revoked.txt, line 4)");
        is("a revoked file", thief, "REVOKED", "this file is revoked (revoked.txt, line 5): sends pictures elsewhere");
        is(
                "a second signature by somebody revoked",
                publisher.sign(stolen.sign(plain(JarFiles.pluginHeaders()), "OTHER", "SHA-256")),
                "REVOKED",
                "the key of CN=stolen");
    }

    private static String sha256(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private void signers() throws IOException, GeneralSecurityException, InterruptedException {
        Path jar = plain(JarFiles.pluginHeaders());
        is("unsigned", jar, "NOT_SIGNED", "not signed: com/acme/Encoder.class");
        is("a stranger", Publisher.of(work, "stranger").sign(jar), "UNKNOWN_PUBLISHER", "CN=stranger");
        is("a broken certificate", Publisher.of(work, "broken").sign(jar), "UNKNOWN_PUBLISHER", "broken.pem");
        Publisher withdrawn = publisher("withdrawn");
        Path once = withdrawn.sign(jar);
        Files.delete(publishers(work).resolve("withdrawn.pem"));
        is("a publisher who is trusted no more", once, "UNKNOWN_PUBLISHER", "CN=withdrawn");
        is("expired", publisher("expired", "-startdate", "-400d").sign(jar), "CERTIFICATE_EXPIRED", "CN=expired");
        is("not valid yet", publisher("early", "-startdate", "+5d").sign(jar), "CERTIFICATE_EXPIRED", "CN=early");
        Publisher weak = publisher("weak", "-keyalg", "RSA", "-keysize", "1024");
        is("a short key", weak.sign(jar), "UNKNOWN_PUBLISHER", "2048 bits");
        for (String digest : List.of("SHA-1", "MD5")) {
            is(digest, publisher.sign(jar, "SIGNER", digest), "NOT_SIGNED", "not signed");
        }
    }

    /** All of it was to be found in no list of what was signed. */
    private void added() throws IOException, GeneralSecurityException {
        Path signed = signed();
        for (String name : List.of("com/acme/Added.class", "META-INF/services/evil")) {
            is("added: " + name, JarFiles.add(signed, name), "NOT_SIGNED", name);
        }
        for (String name : List.of(
                "META-INF/EVIL.SF",
                "META-INF/EVIL.EC",
                "META-INF/evil.rsa",
                "META-INF/manifest.mf",
                "meta-inf/MANIFEST.MF",
                "Meta-Inf/EVIL.SF",
                "META-INF//MANIFEST.MF",
                "META-INF/./MANIFEST.MF",
                "/META-INF/MANIFEST.MF",
                "../slip",
                "a/../../slip",
                "/etc/slip",
                "c:/slip",
                "..\\slip",
                "a\u0000b")) {
            is("added: " + name.replace('\u0000', '?'), JarFiles.add(signed, name), TAMPERED, "");
        }
        is("added: META-INF/SIG-EVIL", JarFiles.add(signed, "META-INF/SIG-EVIL"), "NOT_SIGNED", "SIG-EVIL");
        is("a pair of junk", JarFiles.add(signed, "META-INF/EVIL.SF", "META-INF/EVIL.EC"), TAMPERED, "");
    }

    private void changed() throws IOException, GeneralSecurityException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("com/acme/Encoder.class", "content".getBytes(US_ASCII));
        entries.put("com/acme/Other.class", "content".getBytes(US_ASCII));
        Path signed = publisher.sign(JarFiles.jar(work, JarFiles.pluginHeaders(), entries));
        is("a changed class", JarFiles.change(signed, "Other.class", "content", "another"), TAMPERED, "signature");
        is("a missing class", JarFiles.drop(signed, "com/acme/Other.class"::equals), TAMPERED, "com/acme/Other.class");
        is("no class left", JarFiles.drop(signed, n -> n.endsWith(".class")), NOT_A_PLUGIN, "nothing in it");
        is("no block file", JarFiles.drop(signed, n -> n.endsWith(".EC")), TAMPERED, "META-INF/SIGNER");
        is("no signature file", JarFiles.drop(signed, n -> n.endsWith(".SF")), TAMPERED, "META-INF/SIGNER");
        is("no signature", JarFiles.drop(signed, n -> n.matches(".*\\.(SF|EC)")), "NOT_SIGNED", "");
        is("no manifest", JarFiles.drop(signed, n -> n.endsWith(MANIFEST)), "NOT_SIGNED", "");
        is("a raised version", JarFiles.change(signed, MANIFEST, "Version: 1.2.3", "Version: 9.2.3"), TAMPERED, "");
        is("another name", JarFiles.change(signed, MANIFEST, "acme.encoder", "evil.encoder"), TAMPERED, "");
    }

    private void archive(String name, Path jar, String words, UnaryOperator<byte[]> change) throws IOException {
        is(name, JarFiles.bytes(jar, change), TAMPERED, words);
    }

    private void archives() throws IOException, GeneralSecurityException {
        Path signed = signed();
        archive("something after the archive", signed, "follows", b -> JarFiles.concat(b, new byte[1]));
        archive("a script before it", signed, "", b -> JarFiles.concat("#!/bin/sh\n".getBytes(US_ASCII), b));
        archive("a comment", signed, "follows", AdmissionCases::commented);
        archive("an entry's header has another name", signed, "another name", b -> renamed(b, 1));
        Map<String, byte[]> two = new LinkedHashMap<>();
        two.put("com/acme/Encoder.class", new byte[] {1});
        two.put("com/acme/Decoder.class", new byte[] {2});
        Path both = publisher.sign(JarFiles.jar(work, JarFiles.pluginHeaders(), two));
        archive("an entry twice", both, "occurs twice", b -> renamed(renamed(b, 1), 1));
        archive("an encrypted entry", signed, "encrypted", b -> directory(b, 8, 1));
        archive("an unknown method", signed, "unknown way", b -> directory(b, 10, 93));
        archive("an entry elsewhere", signed, "elsewhere", b -> directory(b, 34, 1));
        archive("one of several volumes", signed, "volumes", b -> ending(b, 4, 1));
        archive("a directory outside", signed, "", b -> ending(b, 18, 0x7f));
        archive("more than it counts", signed, "more than it counts", b -> ending(ending(b, 8, 1), 10, 1));
        is("cut off", JarFiles.bytes(signed, b -> Arrays.copyOf(b, b.length / 2)), FILE_UNREADABLE, "no jar");
    }

    private static byte[] commented(byte[] jar) {
        byte[] with = JarFiles.concat(jar, new byte[] {'x'});
        with[jar.length - 2] = 1;
        return with;
    }

    private static byte[] renamed(byte[] jar, int nth) {
        return JarFiles.replace(jar, "com/acme/Encoder", "com/acme/Decoder", nth);
    }

    /** Sets one byte of the directory's first entry. */
    private static byte[] directory(byte[] jar, int offset, int value) {
        byte[] changed = jar.clone();
        changed[new String(jar, ISO_8859_1).indexOf("PK\u0001\u0002") + offset] = (byte) value;
        return changed;
    }

    /** Sets one byte of the archive's end. */
    private static byte[] ending(byte[] jar, int offset, int value) {
        byte[] changed = jar.clone();
        changed[jar.length - 22 + offset] = (byte) value;
        return changed;
    }

    private void header(String header, String value, String code, String words)
            throws IOException, GeneralSecurityException {
        is(header + ": " + value, signed(header, value), code, words);
    }

    private void headers() throws IOException, GeneralSecurityException {
        for (String header : List.of(
                "Fragment-Host",
                "fragment-host",
                "Bundle-Activator",
                "DynamicImport-Package",
                "Require-Bundle",
                "Export-Package",
                "Launcher-Agent-Class")) {
            header(header, "x", NOT_A_PLUGIN, "which no plugin may have");
        }
        for (String offered : List.of(
                "io.nvremote.encode,io.nvremote.part;part=framework-log",
                "io.nvremote.encode,osgi.extender;osgi.extender=osgi.component",
                "x;y='io.nvremote.encode'",
                "io.nvremote.encoder")) {
            header("Provide-Capability", offered, NOT_A_PLUGIN, "no plugin may provide");
        }
        header("Require-Capability", "io.nvremote.encode", NOT_A_PLUGIN, "tie it");
        header("Require-Capability", "osgi.wiring.bundle;filter:='(a=b)'", NOT_A_PLUGIN, "tie it");
        header("Require-Capability", "osgi.ee;filter:=\"((\"", NOT_A_PLUGIN, "no filter");
        header("Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=99))\"", NOT_COMPATIBLE, "Java");
        header("Bundle-RequiredExecutionEnvironment", "JavaSE-99", NOT_COMPATIBLE, "JavaSE-99");
        header("Bundle-RequiredExecutionEnvironment", "CDC-1.1/Foundation-1.1", NOT_COMPATIBLE, "CDC-1.1");
        header("Bundle-ManifestVersion", "1", NOT_A_PLUGIN, "Bundle-ManifestVersion: 2");
        for (String name : List.of("../../elsewhere", "a/b", "com..acme", "x".repeat(129))) {
            header("Bundle-SymbolicName", name, NOT_A_PLUGIN, "no name");
        }
        for (String directive : List.of(";singleton:=true", ";singleton:=\"true\"", "; singleton := TRUE")) {
            header("Bundle-SymbolicName", "com.acme" + directive, NOT_A_PLUGIN, "singleton");
        }
        header("Bundle-Version", "1.0-SNAPSHOT", NOT_A_PLUGIN, "1.2.3");
        for (String missing : List.of(
                "Provide-Capability",
                "Nvremote-Tck",
                "Bundle-SymbolicName",
                "Bundle-Version",
                "Bundle-ManifestVersion")) {
            Map<String, String> headers = JarFiles.pluginHeaders();
            headers.remove(missing);
            is("without " + missing, publisher.sign(plain(headers)), NOT_A_PLUGIN, "");
        }
        for (String name :
                List.of("META-INF/versions/25/OSGI-INF/MANIFEST.MF", "META-INF/VERSIONS/9/osgi-inf/manifest.mf")) {
            Path jar = JarFiles.jar(
                    work, JarFiles.pluginHeaders(), Map.of("A.class", new byte[] {1}, name, new byte[] {1}));
            is("a second manifest: " + name, publisher.sign(jar), NOT_A_PLUGIN, name);
        }
    }

    private void names() throws IOException, GeneralSecurityException, InterruptedException {
        for (String name : List.of("io.nvremote", "io.nvremote.encode.other", "IO.Nvremote.mine")) {
            header("Bundle-SymbolicName", name, NAME_TAKEN, "is the platform's, and CN=publisher");
        }
        ofRuntime("a library's name", publisher, "Org.Example.library", "9.0.0", NAME_TAKEN);
        Publisher platform =
                Publisher.of(work, "platform").trustIn(publishers(work).resolve("platform"));
        ofRuntime("a part of the runtime", platform, "io.nvremote.words", "9.0.0", NAME_TAKEN);
        ofRuntime("as old as the runtime's own", platform, "io.nvremote.encode.software", "0.2.0", "ALREADY_INSTALLED");
        ofRuntime("older than it", platform, "io.nvremote.encode.software", "0.1.9", "NOT_NEWER");
        ofRuntime("newer than it", platform, "io.nvremote.encode.software", "0.2.1", "");
    }

    private void ofRuntime(String what, Publisher signer, String name, String version, String code)
            throws IOException, GeneralSecurityException {
        Map<String, String> headers = JarFiles.pluginHeaders();
        headers.put("Bundle-SymbolicName", name);
        headers.put("Bundle-Version", version);
        cases.add(new AdmissionCase(what, signer.sign(plain(headers)), code, "", true));
    }

    private void noJars() throws IOException {
        is("a text", Files.writeString(work.resolve("text.jar"), "hello"), FILE_UNREADABLE, "no jar");
        is("an empty file", Files.createFile(work.resolve("empty.jar")), FILE_UNREADABLE, "no jar");
        Path nothing = work.resolve("nothing.jar");
        new ZipOutputStream(Files.newOutputStream(nothing)).close();
        is("an archive of nothing", nothing, NOT_A_PLUGIN, "nothing in it");
        Path large = work.resolve("large.jar");
        try (var out = Files.newByteChannel(large, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            out.position(300L << 20).write(ByteBuffer.allocate(1));
        }
        is("300 MiB", large, FILE_UNREADABLE, "larger than 256 MiB");
        Path bomb = work.resolve("bomb.jar");
        try (OutputStream file = Files.newOutputStream(bomb);
                ZipOutputStream out = new ZipOutputStream(file)) {
            out.setLevel(1);
            out.putNextEntry(new ZipEntry("com/acme/Zeros"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i <= 1024; i++) {
                out.write(zeros);
            }
            out.closeEntry();
        }
        is("more than 1 GiB in 5 MiB", bomb, NOT_A_PLUGIN, "1 GiB");
    }
}
