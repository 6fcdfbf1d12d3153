// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.signed;

import io.nvremote.core.Keys;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates that an operator trusts: {@code *.pem} in a folder. Those in its folder {@code platform} may also publish under the
 * names of the runtime's own bundles. Read anew each time, so that trust given or taken holds at once. Safe for any thread.
 */
public final class Publishers {

    private static final Logger LOG = LoggerFactory.getLogger(Publishers.class);

    /** A certificate and whether it is the platform's. */
    public record Publisher(X509Certificate certificate, boolean platform) {

        public String subject() {
            return certificate.getSubjectX500Principal().getName();
        }

        public Instant until() {
            return certificate.getNotAfter().toInstant();
        }
    }

    private final Path folder;

    public Publishers(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    Map<PublicKey, Publisher> trusted() {
        Map<PublicKey, Publisher> keys = new HashMap<>();
        read(folder, false, keys);
        Path platform = folder.resolve("platform");
        if (Files.isDirectory(platform)) {
            read(platform, true, keys);
        }
        return keys;
    }

    private static void read(Path folder, boolean platform, Map<PublicKey, Publisher> keys) {
        for (Path file : certificates(folder)) {
            try (InputStream in = Files.newInputStream(file)) {
                var certificate = (X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(in);
                keys.merge(certificate.getPublicKey(), new Publisher(certificate, platform), Publishers::better);
            } catch (CertificateException | IOException e) {
                // One broken file must not void the others; whoever it stood for is not trusted.
                LOG.atWarn()
                        .addKeyValue(Keys.FILE, file)
                        .addKeyValue(Keys.REASON, e.getMessage())
                        .log("a publisher's certificate can't be read and is not trusted");
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
