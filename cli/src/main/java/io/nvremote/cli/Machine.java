// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What this machine has. */
final class Machine {

    private static final Pattern PATH_SEPARATOR = Pattern.compile(Pattern.quote(File.pathSeparator));
    private static final List<Path> LIBRARY_FOLDERS = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu"),
            Path.of("/usr/lib/aarch64-linux-gnu"),
            Path.of("/usr/lib64"),
            Path.of("/usr/lib"),
            Path.of("/lib/x86_64-linux-gnu"));

    private Machine() {}

    static boolean hasCommand(String name) {
        String path = System.getenv("PATH");
        return path != null
                && Stream.concat(PATH_SEPARATOR.splitAsStream(path), Stream.of("/usr/sbin", "/sbin"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    static boolean hasLibrary(String soname) {
        return LIBRARY_FOLDERS.stream().anyMatch(folder -> Files.exists(folder.resolve(soname)));
    }

    static boolean isDebian() {
        return Files.exists(Path.of("/etc/debian_version")) && hasCommand("apt-get");
    }

    static boolean isLinux() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    static boolean readsAndWrites(Path file) {
        return Files.isReadable(file) && Files.isWritable(file);
    }

    /** Where this command keeps what is its user's (XDG Base Directory Specification); it need not be there. */
    static Path state() {
        String state = System.getenv("XDG_STATE_HOME");
        Path base = state != null && !state.isBlank()
                ? Path.of(state)
                : Path.of(System.getProperty("user.home"), ".local", "state");
        return base.resolve("nvremote");
    }

    /** Deletes a folder of ours with all that is in it; false if something could not be deleted. */
    static boolean delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            boolean all = true;
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                all &= Files.deleteIfExists(file);
            }
            return all;
        } catch (IOException e) {
            return false;
        }
    }
}
