// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.core.Keys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folders that only their owner may enter, in memory where the machine has that. */
final class Folders {

    private static final Logger LOG = LoggerFactory.getLogger(Folders.class);
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final String NAME = "nvremote-workers-";

    private Folders() {}

    /** A new folder for this process, named after it; those of processes that are no more are deleted. */
    static Path create(@Nullable Path wanted) throws IOException {
        Path within = wanted;
        if (within == null) {
            within = Files.isWritable(MEMORY) ? MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
        }
        Files.createDirectories(within);
        for (Path old : list(within)) {
            if (isLeft(old)) {
                delete(old);
            }
        }
        return Files.createTempDirectory(
                within,
                NAME + ProcessHandle.current().pid() + "-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith(NAME))
                    .toList();
        }
    }

    private static boolean isLeft(Path folder) {
        String pid =
                String.valueOf(folder.getFileName()).substring(NAME.length()).split("-", 2)[0];
        return pid.matches("\\d{1,10}")
                && Files.isWritable(folder)
                && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
    }

    /** Deletes a folder with what is in it. What can't be deleted is told and stays. */
    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            if (Files.exists(folder)) {
                LOG.atWarn().setCause(e).addKeyValue(Keys.FILE, folder).log("a worker's folder could not be deleted");
            }
        }
    }
}
