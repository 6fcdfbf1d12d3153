// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.core.StreamException;
import io.nvremote.updates.UpdateError;
import io.nvremote.updates.phasein.Publishers.Publisher;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.time.Instant;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Version;

/**
 * Decides whether a file may become a plugin: of one shape to every reader, every entry signed by a publisher that is trusted here,
 * unchanged since, and the bundle says what it provides. What is admitted is the very bytes that were verified (a file that is verified
 * and then read again can change in between). Safe for any thread.
 */
final class Admission {

    /** Larger than any plugin with natives for one platform has reason to be. */
    private static final long MAX_BYTES = 256 << 20;

    /** A second manifest, which a framework on a newer Java would take instead of what was checked (OSGi Core 3.2.2). */
    private static final Pattern OTHER_MANIFEST =
            Pattern.compile("META-INF/versions/[^/]*/OSGI-INF/MANIFEST\\.MF", Pattern.CASE_INSENSITIVE);

    private final Publishers publishers;

    Admission(Publishers publishers) {
        this.publishers = publishers;
    }

    /** A plugin that may be installed; its content is exactly what was verified. */
    record Admitted(PluginManifest manifest, Publisher publisher, String sha256, PluginContent content) {

        String name() {
            return manifest.name();
        }

        Version version() {
            return manifest.version();
        }

        PublicKey key() {
            return publisher.certificate().getPublicKey();
        }
    }

    /**
     * Reads the file once, verifies what was read and answers just that.
     *
     * @param now when the certificates have to be valid
     */
    Admitted admit(Path file, Instant now) {
        Path staged = null;
        try {
            staged = Files.createTempFile(
                    "plugin",
                    ".jar",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            copy(file, staged);
            return verify(staged, PluginContent.of(staged), now);
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

    /** A device or a pipe may have no end. */
    private static void copy(Path file, Path to) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new StreamException(UpdateError.FILE_UNREADABLE, "not a regular file: " + file);
        }
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(to, StandardOpenOption.WRITE)) {
            long copied = 0;
            for (long more = -1; more != 0 && copied <= MAX_BYTES; copied += more) {
                more = in.transferTo(copied, MAX_BYTES + 1 - copied, out);
            }
            if (copied > MAX_BYTES) {
                throw new StreamException(UpdateError.FILE_UNREADABLE, file.getFileName() + " is larger than 256 MiB");
            }
        }
    }

    private static void discard(@Nullable Path staged) {
        if (staged != null && !staged.toFile().delete()) {
            staged.toFile().deleteOnExit();
        }
    }

    private Admitted verify(Path staged, PluginContent content, Instant now) throws IOException {
        JarShape.check(content.bytes()); // First: the library takes as much memory as the file asks for.
        try (JarFile jar = new JarFile(staged.toFile(), true, ZipFile.OPEN_READ)) {
            Publisher publisher = JarSignatures.verify(jar, publishers, now);
            for (JarEntry entry : jar.stream().toList()) {
                if (OTHER_MANIFEST.matcher(entry.getName()).matches()) {
                    throw new StreamException(
                            UpdateError.NOT_A_PLUGIN, "a plugin may not have a second manifest: " + entry.getName());
                }
            }
            Attributes headers = jar.getManifest() == null
                    ? new Attributes()
                    : jar.getManifest().getMainAttributes();
            return new Admitted(PluginManifest.read(headers::getValue), publisher, content.sha256(), content);
        } catch (SecurityException e) {
            throw new StreamException(UpdateError.TAMPERED, "the plugin does not match its signature", e);
        }
    }
}
