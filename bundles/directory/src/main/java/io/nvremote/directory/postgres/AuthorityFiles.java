// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.directory.DirectoryError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The authority's two files: {@code ca-key.pem}, readable by its owner only, and {@code ca.pem}. */
final class AuthorityFiles {

    private static final Logger LOG = LoggerFactory.getLogger(AuthorityFiles.class);
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private AuthorityFiles() {}

    /** The authority's key and root certificate. */
    record Root(PrivateKey key, X509Certificate certificate) {}

    /** Reads the files, or makes them at first start. {@link DirectoryError#CA_UNUSABLE} otherwise. */
    static Root open(Path folder, Clock clock) {
        Path keyFile = folder.resolve("ca-key.pem");
        Path certificateFile = folder.resolve("ca.pem");
        try {
            Files.createDirectories(folder);
            if (Files.exists(certificateFile) && !Files.exists(keyFile)) {
                throw unusable(keyFile, "is missing while ca.pem is there: restore it from the backup");
            }
            if (!Files.exists(certificateFile)) {
                make(keyFile, certificateFile, clock);
            }
            return read(keyFile, certificateFile);
        } catch (IOException | GeneralSecurityException e) {
            throw new StreamException(
                    DirectoryError.CA_UNUSABLE, "the authority's files in " + folder + " can't be used: " + e, e);
        }
    }

    private static void make(Path keyFile, Path certificateFile, Clock clock)
            throws IOException, GeneralSecurityException {
        // The key goes first: what is left by a crash in between is a key that has signed nothing yet.
        KeyPair pair = Signer.newKeys();
        write(keyFile, Pem.of("PRIVATE KEY", pair.getPrivate().getEncoded()), "rw-------");
        X509Certificate root = Signer.root(pair, clock.instant());
        write(certificateFile, Pem.of("CERTIFICATE", root.getEncoded()), "rw-r--r--");
        LOG.atInfo().addKeyValue(Keys.FILE, certificateFile).log("certificate authority made");
    }

    private static Root read(Path keyFile, Path certificateFile) throws IOException, GeneralSecurityException {
        Set<PosixFilePermission> rights = EnumSet.copyOf(Files.getPosixFilePermissions(keyFile));
        rights.retainAll(OTHERS);
        if (!rights.isEmpty()) {
            throw unusable(keyFile, "can be read or written by others: find out who did, then run chmod 600");
        }
        String base64 =
                Files.readString(keyFile).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(certificateFile)));
        byte[] probe = "the key and the certificate belong together".getBytes(StandardCharsets.US_ASCII);
        Signature signing = Signature.getInstance("SHA256withECDSA");
        signing.initSign(key);
        signing.update(probe);
        byte[] signature = signing.sign();
        signing.initVerify(certificate.getPublicKey());
        signing.update(probe);
        if (!signing.verify(signature)) {
            throw unusable(keyFile, "is not the key of ca.pem: restore both from the same backup");
        }
        return new Root(key, certificate);
    }

    private static void write(Path file, String text, String rights) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (var channel = Files.newByteChannel(
                fresh,
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights)))) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static StreamException unusable(Path file, String why) {
        return new StreamException(DirectoryError.CA_UNUSABLE, file + " " + why);
    }
}
