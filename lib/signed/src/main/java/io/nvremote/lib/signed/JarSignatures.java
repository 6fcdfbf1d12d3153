// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.signed;

import io.nvremote.core.StreamException;
import io.nvremote.lib.signed.Publishers.Publisher;
import io.nvremote.updates.UpdateError;
import java.io.IOException;
import java.io.InputStream;
import java.security.CodeSigner;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who signed a jar: each signature in it must cover every entry, each entry that was signed must still be there, and nothing but the
 * signatures themselves is exempt. The digests are the JDK's to check, with its list of algorithms that are too weak.
 */
final class JarSignatures {

    /** What a jar unpacks to; more than any bundle with natives for one platform has reason to. */
    private static final long MAX_UNPACKED_BYTES = 1L << 30;

    private static final int LEAST_RSA_BITS = 2048;

    private final JarFile jar;
    private final Publishers publishers;
    private final Instant now;
    private long unpacked;

    /** @param certificates of all signers, with those who issued theirs */
    record Signed(Publisher publisher, List<X509Certificate> certificates) {}

    private JarSignatures(JarFile jar, Publishers publishers, Instant now) {
        this.jar = jar;
        this.publishers = publishers;
        this.now = now;
    }

    /**
     * The trusted publisher of the jar.
     *
     * @param now when the certificates have to be valid
     * @throws StreamException saying why there is none
     */
    static Signed verify(JarFile jar, Publishers publishers, Instant now) throws IOException {
        return new JarSignatures(jar, publishers, now).verify();
    }

    private Signed verify() throws IOException {
        List<JarEntry> signed = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Map<String, Integer> parts = new HashMap<>();
        for (JarEntry entry : jar.stream().toList()) {
            drain(entry);
            names.add(entry.getName());
            String upper = entry.getName().toUpperCase(Locale.ROOT);
            String signature = signature(upper);
            if (signature != null) {
                parts.merge(signature, upper.endsWith(".SF") ? 1 : 16, Integer::sum);
            } else if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                signed.add(entry);
            }
        }
        parts.forEach((name, found) -> {
            if (found != 17) {
                throw new StreamException(
                        UpdateError.TAMPERED, name + " is no signature: that takes one .SF and one block file");
            }
        });
        List<CodeSigner> signers = signers(signed, parts.size());
        Manifest manifest = jar.getManifest();
        if (manifest != null) {
            allThere(manifest, names);
        }
        return new Signed(trusted(signers), certificates(signers));
    }

    /** The upper-case name, without its ending, of the signature that a file is part of; null for any other file. */
    private static @Nullable String signature(String upper) {
        if (!upper.startsWith("META-INF/") || upper.indexOf('/', 9) >= 0) {
            return null;
        }
        int dot = upper.lastIndexOf('.');
        String ending = dot < 0 ? "" : upper.substring(dot);
        return Set.of(".SF", ".RSA", ".DSA", ".EC").contains(ending) ? upper.substring(0, dot) : null;
    }

    /** Signatures are checked while an entry is read to its end. */
    private void drain(JarEntry entry) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = jar.getInputStream(entry)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                unpacked += read;
                if (unpacked > MAX_UNPACKED_BYTES) {
                    throw new StreamException(UpdateError.NOT_A_PLUGIN, "the jar unpacks to more than 1 GiB");
                }
            }
        }
    }

    /** Who signed every entry. */
    private static List<CodeSigner> signers(List<JarEntry> entries, int signatures) {
        Set<CodeSigner> common = null;
        for (JarEntry entry : entries) {
            CodeSigner[] signers = entry.getCodeSigners();
            if (signers == null || signers.length == 0) {
                throw new StreamException(UpdateError.NOT_SIGNED, "not signed: " + entry.getName());
            }
            if (signers.length != signatures) {
                throw new StreamException(UpdateError.TAMPERED, "not covered by every signature: " + entry.getName());
            }
            if (common == null) {
                common = new HashSet<>(List.of(signers));
            } else {
                common.retainAll(List.of(signers));
            }
        }
        if (common == null || common.isEmpty()) {
            throw new StreamException(
                    entries.isEmpty() ? UpdateError.NOT_A_PLUGIN : UpdateError.NOT_SIGNED,
                    entries.isEmpty() ? "the jar has nothing in it" : "nobody signed the whole jar");
        }
        return List.copyOf(common);
    }

    private static void allThere(Manifest manifest, Set<String> names) {
        for (String name : manifest.getEntries().keySet()) {
            if (!name.endsWith("/") && !names.contains(name)) {
                throw new StreamException(UpdateError.TAMPERED, "signed, but no longer there: " + name);
            }
        }
    }

    private static List<X509Certificate> certificates(List<CodeSigner> signers) {
        return signers.stream()
                .flatMap(signer -> SignatureTime.certificates(signer.getSignerCertPath()).stream())
                .toList();
    }

    private static Stream<X509Certificate> leaf(CodeSigner signer) {
        return SignatureTime.certificates(signer.getSignerCertPath()).stream().limit(1);
    }

    private Publisher trusted(List<CodeSigner> signers) {
        List<X509Certificate> leaves =
                signers.stream().flatMap(JarSignatures::leaf).toList();
        if (leaves.isEmpty()) {
            throw new StreamException(UpdateError.UNKNOWN_PUBLISHER, "signed with a certificate that is no X.509");
        }
        Publisher publisher = publishers.among(leaves);
        for (CodeSigner signer : signers) {
            for (X509Certificate leaf : leaf(signer).toList()) {
                if (leaf.getPublicKey().equals(publisher.certificate().getPublicKey())) {
                    return valid(publisher, leaf, signer);
                }
            }
        }
        throw new IllegalStateException("the publisher is one of the signers");
    }

    private Publisher valid(Publisher publisher, X509Certificate leaf, CodeSigner signer) {
        if (leaf.getPublicKey() instanceof RSAKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
            throw new StreamException(
                    UpdateError.UNKNOWN_PUBLISHER,
                    "the key of " + publisher.subject() + " has less than " + LEAST_RSA_BITS + " bits");
        }
        for (X509Certificate certificate : List.of(leaf, publisher.certificate())) {
            Instant from = certificate.getNotBefore().toInstant();
            Instant until = certificate.getNotAfter().toInstant();
            SignatureTime time =
                    now.isAfter(until) ? SignatureTime.of(signer, publishers, now) : new SignatureTime(now, "");
            Instant at = time.at() == null ? now : time.at();
            if (at.isBefore(from) || at.isAfter(until)) {
                throw new StreamException(
                        UpdateError.CERTIFICATE_EXPIRED,
                        "the certificate of " + publisher.subject() + " is valid from " + from + " to " + until
                                + (time.why().isEmpty() ? "" : "; " + time.why()));
            }
        }
        return publisher;
    }
}
