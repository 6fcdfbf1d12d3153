// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.signed;

import io.nvremote.core.StreamException;
import io.nvremote.lib.signed.Publishers.Publisher;
import io.nvremote.updates.UpdateError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A jar of one shape to every reader, in which every entry is signed by a publisher that is trusted here and unchanged since. Its content
 * is the very bytes that were verified: a file that is verified and then read again can change in between. Immutable.
 *
 * @param headers of its manifest
 * @param signers certificates of all who signed it, with those who issued theirs
 */
public record SignedJar(Attributes headers, Publisher publisher, List<X509Certificate> signers, JarContent content) {

    /** Larger than any bundle with natives for one platform has reason to be. */
    private static final long MAX_BYTES = 256 << 20;

    /** A second manifest, which a framework on a newer Java would take instead of what was checked (OSGi Core 3.2.2). */
    private static final Pattern OTHER_MANIFEST =
            Pattern.compile("META-INF/versions/[^/]*/OSGI-INF/MANIFEST\\.MF", Pattern.CASE_INSENSITIVE);

    /**
     * Reads the file once, verifies what was read and answers just that.
     *
     * @param now when the certificates have to be valid
     * @throws StreamException with an {@link UpdateError}: what is wrong with the file
     */
    public static SignedJar read(Path file, Publishers publishers, Instant now) {
        Path staged = null;
        try {
            staged = Files.createTempFile(
                    "bundle",
                    ".jar",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            copy(file, staged);
            return verify(staged, JarContent.of(staged), publishers, now);
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

    private static SignedJar verify(Path staged, JarContent content, Publishers publishers, Instant now)
            throws IOException {
        JarShape.check(content.bytes()); // First: the library takes as much memory as the file asks for.
        try (JarFile jar = new JarFile(staged.toFile(), true, ZipFile.OPEN_READ)) {
            Revocations revoked = publishers.revocations();
            JarSignatures.Signed signed = JarSignatures.verify(jar, publishers, now);
            String why = revoked.why(signed.certificates(), content.sha256());
            if (why != null) {
                throw new StreamException(UpdateError.REVOKED, why);
            }
            revoked.check(); // After: what a right line says is said, whatever is wrong with others.
            for (JarEntry entry : jar.stream().toList()) {
                if (OTHER_MANIFEST.matcher(entry.getName()).matches()) {
                    throw new StreamException(
                            UpdateError.NOT_A_PLUGIN, "a bundle may not have a second manifest: " + entry.getName());
                }
            }
            Attributes headers = jar.getManifest() == null
                    ? new Attributes()
                    : jar.getManifest().getMainAttributes();
            return new SignedJar(headers, signed.publisher(), signed.certificates(), content);
        } catch (SecurityException e) {
            throw new StreamException(UpdateError.TAMPERED, "the jar does not match its signature", e);
        }
    }
}
