// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.signed;

import io.nvremote.core.StreamException;
import io.nvremote.updates.UpdateError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that an operator trusts: {@code *.pem} in a folder. Those in its folder {@code platform} may also publish under the
 * names of the runtime's own bundles; by those in its folder {@code timestamping} the time of a signature counts; {@code revoked.txt} is
 * {@link Revocations}. Read anew each time, so that trust given or taken holds at once. Safe for any thread.
 */
public final class Publishers {

    /** A certificate and whether it is the platform's. */
    public record Publisher(X509Certificate certificate, boolean platform) {

        public String subject() {
            return certificate.getSubjectX500Principal().getName();
        }

        public Instant until() {
            return certificate.getNotAfter().toInstant();
        }
    }

    private static final String TIMESTAMPING = "timestamping";

    private final @Nullable Path folder;

    public Publishers(Path folder) {
        this.folder = folder;
    }

    private Publishers() {
        this.folder = null;
    }

    /** Trusts whoever signed, as a publisher of names of their own: for a look at a jar before anybody is asked for trust. */
    public static Publishers anybody() {
        return new Publishers();
    }

    /** What trust was taken back from. */
    public Revocations revocations() {
        return folder == null ? Revocations.none() : Revocations.of(folder);
    }

    /** Who may say when something was signed. */
    List<X509Certificate> timestampers() {
        Path timestamping = folder == null ? null : folder.resolve(TIMESTAMPING);
        if (timestamping == null || !Files.isDirectory(timestamping)) {
            return List.of();
        }
        Map<PublicKey, Publisher> keys = new HashMap<>();
        read(timestamping, false, keys, new ArrayList<>());
        return keys.values().stream().map(Publisher::certificate).toList();
    }

    /** The folder of {@link #timestampers}, for messages. */
    String timestamping() {
        return folder == null ? TIMESTAMPING : folder.resolve(TIMESTAMPING).toString();
    }

    /**
     * The first of the signers who is trusted.
     *
     * @throws StreamException {@link UpdateError#UNKNOWN_PUBLISHER}: none is; it says who signed, and where trust is looked for
     */
    Publisher among(List<X509Certificate> signers) {
        if (folder == null) {
            return new Publisher(signers.getFirst(), false);
        }
        Map<PublicKey, Publisher> keys = new HashMap<>();
        List<Path> unreadable = new ArrayList<>();
        read(folder, false, keys, unreadable);
        Path platform = folder.resolve("platform");
        if (Files.isDirectory(platform)) {
            read(platform, true, keys, unreadable);
        }
        for (X509Certificate signer : signers) {
            Publisher publisher = keys.get(signer.getPublicKey());
            if (publisher != null) {
                return publisher;
            }
        }
        throw new StreamException(
                UpdateError.UNKNOWN_PUBLISHER,
                "signed by " + signers.getLast().getSubjectX500Principal().getName()
                        + ", whose certificate is not in " + folder
                        + (unreadable.isEmpty() ? "" : "; what can't be read there as a certificate: " + unreadable));
    }

    /** One broken file does not void the others; whoever it stood for is not trusted. */
    private static void read(Path folder, boolean platform, Map<PublicKey, Publisher> keys, List<Path> unreadable) {
        for (Path file : certificates(folder)) {
            try (InputStream in = Files.newInputStream(file)) {
                var certificate = (X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(in);
                keys.merge(certificate.getPublicKey(), new Publisher(certificate, platform), Publishers::better);
            } catch (CertificateException | IOException e) {
                unreadable.add(file.getFileName());
            }
        }
    }

    private static List<Path> certificates(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".pem")).sorted().toList();
        } catch (IOException e) {
            throw new StreamException(
                    UpdateError.UNKNOWN_PUBLISHER, "the folder of trusted certificates can't be read: " + folder, e);
        }
    }

    /** Of two certificates of one key, the platform's, else the one that is valid longer. */
    private static Publisher better(Publisher a, Publisher b) {
        if (a.platform() != b.platform()) {
            return a.platform() ? a : b;
        }
        return a.until().isBefore(b.until()) ? b : a;
    }
}
