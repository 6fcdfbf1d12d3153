// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * Files that must outlive a crash of the process and of the machine: after {@link #write} the whole new content is there, and
 * before it the whole old one, never half of either and never zeros. Where the file system knows no POSIX rights (none of
 * Linux's own), rights are not set and not asked for.
 */
public final class StateFiles {

    /** Who may read a file. Nobody but the owner ever writes it. */
    public enum Readers {
        OWNER("rw-------"),
        EVERYBODY("rw-r--r--");

        private final String rights;

        Readers(String rights) {
            this.rights = rights;
        }
    }

    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private StateFiles() {}

    /** Makes a folder that nobody but its owner can look into, with those above it; leaves one that is there as it is. */
    public static void ownerFolder(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            Path above = folder.toAbsolutePath().getParent();
            while (above != null && !Files.exists(above)) {
                above = above.getParent();
            }
            Files.createDirectories(folder, rights(Objects.requireNonNull(above), "rwx------"));
        }
    }

    public static void write(Path file, String text, Readers readers) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8), readers);
    }

    /** As {@link #write(Path, ByteBuffer, Readers)}. */
    public static void write(Path file, byte[] content, Readers readers) throws IOException {
        write(file, ByteBuffer.wrap(content), readers);
    }

    /**
     * Writes a draft beside the file, makes it durable, moves it into place in one step, makes the folder durable. A folder that
     * is not there yet is made as by {@link #ownerFolder}.
     *
     * @throws java.nio.file.FileSystemException with the file's name and the system's reason, such as a full disk
     */
    public static void write(Path file, ByteBuffer content, Readers readers) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        ownerFolder(folder);
        Path draft = Files.createTempFile(folder, "." + file.getFileName() + ".", ".new", rights(folder, "rw-------"));
        try {
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = content.duplicate();
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            } catch (FileSystemException e) {
                throw e;
            } catch (IOException e) {
                throw named(file, e);
            }
            if (readers != Readers.OWNER && posix(folder)) {
                Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString(readers.rights));
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft); // Gone by the move, unless something failed: a full disk keeps no rest.
        }
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true); // The move itself must last, too.
        }
    }

    /** An open file's errors don't say which file it is. */
    private static FileSystemException named(Path file, IOException e) {
        FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
        named.initCause(e);
        return named;
    }

    /** Whether anybody but the owner can read or write the file. */
    public static boolean othersCanUse(Path file) throws IOException {
        if (!posix(file)) {
            return false;
        }
        Set<PosixFilePermission> found = EnumSet.noneOf(PosixFilePermission.class);
        found.addAll(Files.getPosixFilePermissions(file));
        found.retainAll(OTHERS);
        return !found.isEmpty();
    }

    private static FileAttribute<?>[] rights(Path place, String rights) throws IOException {
        return posix(place)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))}
                : new FileAttribute<?>[0];
    }

    private static boolean posix(Path place) throws IOException {
        return Files.getFileStore(place).supportsFileAttributeView("posix");
    }
}
