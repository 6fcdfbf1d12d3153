// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rollouts;

import io.nvremote.core.StreamException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * A jar that is to be rolled out, as far as the control plane looks at it: its signature is the hosts' business, who have the keys of those
 * they trust.
 */
record BundleJar(String name, String version, String sha256, ByteBuffer content) {

    /** No bundle of ours has a tenth of that; what embeds native libraries may. */
    private static final long MOST_BYTES = 256L << 20;

    /**
     * Reads name and version.
     *
     * @throws StreamException {@link RolloutError#NOT_A_BUNDLE}
     */
    static BundleJar read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw refused(file, "it has more than " + MOST_BYTES + " bytes");
            }
            byte[] bytes = Files.readAllBytes(file);
            try (JarFile jar = new JarFile(file.toFile(), false)) {
                Manifest manifest = jar.getManifest();
                Attributes headers = manifest == null ? new Attributes() : manifest.getMainAttributes();
                String name = headers.getValue(Constants.BUNDLE_SYMBOLICNAME);
                if (name == null || name.isBlank()) {
                    throw refused(file, "it has no Bundle-SymbolicName");
                }
                String version = Version.parseVersion(headers.getValue(Constants.BUNDLE_VERSION))
                        .toString();
                String sha256 = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
                return new BundleJar(name.replaceAll(";.*", "").strip(), version, sha256, ByteBuffer.wrap(bytes));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new StreamException(RolloutError.NOT_A_BUNDLE, file + ": " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK lacks SHA-256", e);
        }
    }

    private static StreamException refused(Path file, String why) {
        return new StreamException(RolloutError.NOT_A_BUNDLE, file + ": " + why);
    }
}
