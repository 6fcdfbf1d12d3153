// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres.embedded;

import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.lib.files.StateFiles;
import io.nvremote.lib.files.StateFiles.Readers;
import io.nvremote.store.StoreError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one embedded server: programs, data, passwords, log, and the lock that keeps a second runtime out. Holds the
 * lock until closed; the kernel gives it back when the JVM is killed.
 */
final class Cluster implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    private final Path folder;
    private final ServerUser user;
    private final Programs programs;
    private final Passwords passwords;
    private final FileChannel lock;

    private Cluster(Path folder, ServerUser user, Programs programs, Passwords passwords, FileChannel lock) {
        this.folder = folder;
        this.user = user;
        this.programs = programs;
        this.passwords = passwords;
        this.lock = lock;
    }

    /** Takes the folder into use, making what is missing. */
    static Cluster open(EmbeddedSettings settings) throws IOException {
        Path folder = settings.folder();
        ServerUser user = ServerUser.choose(settings.user());
        Files.createDirectories(folder);
        // Others may pass through to the programs and the data, which have rights of their own; they can't list.
        Set<PosixFilePermission> rights = PosixFilePermissions.fromString("rwx--x--x");
        Files.setPosixFilePermissions(folder, rights);
        user.requireReach(folder);
        FileChannel lock = lock(folder);
        try {
            Passwords passwords = Passwords.in(folder.resolve("passwords"));
            return new Cluster(folder, user, Programs.in(folder), passwords, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Makes the data folder at first use; refuses one of another major release. */
    void prepareData() throws IOException, InterruptedException {
        Path version = data().resolve("PG_VERSION");
        if (Files.exists(version)) {
            requireMajor(Files.readString(version, StandardCharsets.ISO_8859_1).strip());
            user.takeOver(data());
            return;
        }
        Path fresh = folder.resolve("data.new");
        Path passwordFile = folder.resolve("initdb-password");
        Folders.delete(fresh);
        Files.createDirectory(
                fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        user.own(fresh);
        StateFiles.write(passwordFile, passwords.superuser().reveal() + "\n", Readers.OWNER);
        user.own(passwordFile);
        try {
            run(
                    120,
                    "initdb",
                    "-D",
                    fresh.toString(),
                    "-U",
                    "postgres",
                    "-A",
                    "scram-sha-256",
                    "--pwfile=" + passwordFile,
                    "-E",
                    "UTF8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C",
                    "--data-checksums");
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        Files.move(fresh, data(), StandardCopyOption.ATOMIC_MOVE);
        LOG.atInfo()
                .addKeyValue(Keys.FILE, data())
                .addKeyValue(Keys.VERSION, Programs.RELEASE)
                .log("database made");
    }

    /** Runs one of PostgreSQL's programs as the server's user, bounded; its output is the message of a failure. */
    void run(int seconds, String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(programs.program(program)));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, program, ".out");
        try {
            Process process = builder(command).redirectOutput(output.toFile()).start();
            boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            if (!ended || process.exitValue() != 0) {
                throw failure(program + (ended ? " failed: " : " did not end: ") + tail(output));
            }
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /** A process of the server's user with an environment of its own and error output joined to output. */
    ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(user.command(command))
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", "UTC");
        return builder;
    }

    /** A failure of the server by what it printed. */
    static StreamException failure(String message) {
        boolean full = message.contains("No space left on device") || message.contains("could not write to file");
        return new StreamException(full ? StoreError.FULL : StoreError.SERVER_FAILED, message);
    }

    /** The last lines of a file, at most 1,500 characters. */
    static String tail(Path file) throws IOException {
        String text = Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip() : "";
        return text.substring(Math.max(0, text.length() - 1_500));
    }

    String program(String name) {
        return programs.program(name);
    }

    Passwords passwords() {
        return passwords;
    }

    Path data() {
        return folder.resolve("data");
    }

    Path log() {
        return folder.resolve("server.log");
    }

    /** The port of the last start, or null if nobody remembers: the file may be damaged, and is only a convenience. */
    @Nullable
    Integer rememberedPort() throws IOException {
        Path file = folder.resolve("port");
        if (!Files.exists(file)) {
            return null;
        }
        String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        if (text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) <= 65_535) {
            return Integer.valueOf(text);
        }
        LOG.atWarn().addKeyValue(Keys.FILE, file).log("file holds no port: another port is taken");
        return null;
    }

    /** So that it stays the same while it is free. */
    void rememberPort(int port) {
        Path file = folder.resolve("port");
        try {
            if (!Objects.equals(rememberedPort(), port)) {
                StateFiles.write(file, Integer.toString(port), Readers.EVERYBODY);
            }
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue(Keys.FILE, file)
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .log("port can't be remembered");
        }
    }

    private void requireMajor(String major) {
        if (!major.matches("[1-9][0-9]?")) {
            throw new StreamException(
                    StoreError.SERVER_FAILED,
                    data().resolve("PG_VERSION") + " is damaged: restore the folder from a backup, or write "
                            + Programs.MAJOR + " into it if its server was PostgreSQL " + Programs.MAJOR);
        }
        int found = Integer.parseInt(major);
        if (found > Programs.MAJOR) {
            throw new StreamException(
                    StoreError.SERVER_FOLDER_NEWER,
                    "the data folder was made by PostgreSQL " + found + ", this is " + Programs.MAJOR);
        }
        if (found < Programs.MAJOR) {
            throw new StreamException(
                    StoreError.SERVER_FAILED,
                    "the data folder was made by PostgreSQL " + found + ", this is " + Programs.MAJOR
                            + ": dump it with the older release and restore it, or use another folder");
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            LOG.atDebug().setCause(e).log("folder locked by this process");
        }
        if (lock == null) {
            channel.close();
            throw new StreamException(
                    StoreError.SERVER_FAILED,
                    "another running process uses the folder " + folder + ": stop it or choose another folder");
        }
        return channel;
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
