// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.admission;

import io.nvremote.lib.signed.JarContent;
import io.nvremote.lib.signed.Publishers;
import io.nvremote.lib.signed.Publishers.Publisher;
import io.nvremote.lib.signed.SignedJar;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.osgi.framework.Version;

/** Decides whether a file may become a plugin: a signed jar whose bundle says what it provides. Safe for any thread. */
public final class Admission {

    private final Publishers publishers;

    public Admission(Publishers publishers) {
        this.publishers = publishers;
    }

    /**
     * A plugin that may be installed; its content is exactly what was verified.
     *
     * @param signers certificates of all who signed it, with those who issued theirs
     */
    public record Admitted(
            PluginManifest manifest,
            Publisher publisher,
            List<X509Certificate> signers,
            String sha256,
            JarContent content) {

        public String name() {
            return manifest.name();
        }

        public Version version() {
            return manifest.version();
        }

        public PublicKey key() {
            return publisher.certificate().getPublicKey();
        }
    }

    /**
     * Reads the file once, verifies what was read and answers just that.
     *
     * @param now when the certificates have to be valid
     * @throws io.nvremote.core.StreamException with an {@link io.nvremote.updates.UpdateError}
     */
    public Admitted admit(Path file, Instant now) {
        SignedJar jar = SignedJar.read(file, publishers, now);
        return new Admitted(
                PluginManifest.read(jar.headers()::getValue),
                jar.publisher(),
                jar.signers(),
                jar.content().sha256(),
                jar.content());
    }
}
