// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.directory.DirectoryError;
import io.nvremote.lib.files.StateFiles;
import io.nvremote.lib.files.StateFiles.Readers;
import io.nvremote.lib.pem.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The authority's two files: {@code ca-key.pem}, readable by its owner only, and {@code ca.pem}. */
final class AuthorityFiles {

    private static final Logger LOG = LoggerFactory.getLogger(AuthorityFiles.class);
    /** What a file's text is turned into. */
    private interface Reader<T> {
        T read(String text) throws GeneralSecurityException;
    }

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
        StateFiles.write(keyFile, Pem.write("PRIVATE KEY", pair.getPrivate().getEncoded()), Readers.OWNER);
        X509Certificate root = Signer.root(pair, clock.instant());
        StateFiles.write(certificateFile, Pem.write("CERTIFICATE", root.getEncoded()), Readers.EVERYBODY);
        LOG.atInfo().addKeyValue(Keys.FILE, certificateFile).log("certificate authority made");
    }

    private static Root read(Path keyFile, Path certificateFile) throws IOException, GeneralSecurityException {
        if (StateFiles.othersCanUse(keyFile)) {
            throw unusable(keyFile, "can be read or written by others: find out who did, then run chmod 600");
        }
        PrivateKey key = readable(keyFile, Pem::privateKey);
        X509Certificate certificate =
                readable(certificateFile, text -> Pem.certificates(text).getFirst());
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

    private static <T> T readable(Path file, Reader<T> reader) throws IOException {
        try {
            return reader.read(Files.readString(file, StandardCharsets.ISO_8859_1)); // What is damaged is read, too.
        } catch (GeneralSecurityException e) {
            throw new StreamException(DirectoryError.CA_UNUSABLE, file + " can't be used: " + e.getMessage(), e);
        }
    }

    private static StreamException unusable(Path file, String why) {
        return new StreamException(DirectoryError.CA_UNUSABLE, file + " " + why);
    }
}
