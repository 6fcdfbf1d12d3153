// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres.embedded;

import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.store.StoreError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The user that the server runs as. PostgreSQL refuses to be root: a runtime that is root drops to an unprivileged user with
 * {@code setpriv} (util-linux), which becomes the server, so that the process id is the server's. Anybody else starts it as
 * themselves.
 */
final class ServerUser {

    private static final Logger LOG = LoggerFactory.getLogger(ServerUser.class);
    /** The server's own user: whoever shares an account with it could read and stop it. */
    static final String OWN = "nvremote-postgres";

    private final int uid;
    private final int gid;
    private final String name;
    private final boolean drop;

    private ServerUser(int uid, int gid, String name, boolean drop) {
        this.uid = uid;
        this.gid = gid;
        this.name = name;
        this.drop = drop;
    }

    /** @param unprivileged whom to become if this process is root */
    static ServerUser choose(String unprivileged) throws IOException {
        int mine = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (mine != 0) {
            return new ServerUser(mine, (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:gid"), "", false);
        }
        if (!Files.isExecutable(Path.of("/usr/bin/setpriv"))) {
            throw new StreamException(
                    StoreError.SERVER_FAILED,
                    "PostgreSQL refuses to run as root and /usr/bin/setpriv (Debian package util-linux) is missing:"
                            + " install it or start the runtime as another user");
        }
        if (unprivileged.equals(OWN)) {
            requireOwn();
        }
        return new ServerUser(id("-u", unprivileged), id("-g", unprivileged), unprivileged, true);
    }

    /** The command as the server's user runs it. */
    List<String> command(List<String> command) {
        List<String> whole = new ArrayList<>();
        if (drop) {
            whole.addAll(List.of(
                    "/usr/bin/setpriv",
                    "--reuid=" + uid,
                    "--regid=" + gid,
                    "--clear-groups",
                    "--no-new-privs",
                    "--inh-caps=-all",
                    "--"));
        }
        whole.addAll(command);
        return whole;
    }

    /** Gives a file or folder to the server's user. */
    void own(Path path) throws IOException {
        if (drop) {
            Files.setAttribute(path, "unix:uid", uid);
            Files.setAttribute(path, "unix:gid", gid);
        }
    }

    /** {@link StoreError#SERVER_FAILED} if the server's user can't reach the folder, naming what is in the way. */
    void requireReach(Path folder) throws IOException {
        if (!drop) {
            return;
        }
        for (@Nullable Path above = folder; above != null; above = above.getParent()) {
            Set<PosixFilePermission> rights = Files.getPosixFilePermissions(above);
            int owner = (Integer) Files.getAttribute(above, "unix:uid");
            boolean open = owner == uid
                    ? rights.contains(PosixFilePermission.OWNER_EXECUTE)
                    : rights.contains(PosixFilePermission.OTHERS_EXECUTE);
            if (!open) {
                throw new StreamException(
                        StoreError.SERVER_FAILED,
                        "PostgreSQL refuses to run as root, so it runs as " + name + ", who can't pass through " + above
                                + ": run chmod o+x " + above + " or choose another folder");
            }
        }
    }

    /** Gives a data folder of an earlier user to this one. Links are not followed. */
    void takeOver(Path data) throws IOException {
        if (!drop || (Integer) Files.getAttribute(data, "unix:uid") == uid) {
            return;
        }
        try (Stream<Path> all = Files.walk(data)) {
            for (Path each : all.sorted(Comparator.reverseOrder())
                    .toList()) { // The folder itself last: until then it is begun anew.
                Files.setAttribute(each, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(each, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
            }
        }
        LOG.atInfo().addKeyValue(Keys.FILE, data).addKeyValue("user", name).log("database given to its own user");
    }

    /** Makes the system user if it is not there: root may, and an account without a shell or a home is no way in. */
    private static void requireOwn() throws IOException {
        if (run("id", "-u", OWN).isPresent()) {
            return;
        }
        run(
                "useradd",
                "--system",
                "--user-group",
                "--no-create-home",
                "--home-dir",
                "/nonexistent",
                "--shell",
                "/usr/sbin/nologin",
                "--comment",
                "nvremote embedded PostgreSQL",
                OWN);
        if (run("id", "-u", OWN).isEmpty()) { // Asked again: another runtime may have made it at the same time.
            throw new StreamException(
                    StoreError.SERVER_FAILED,
                    "PostgreSQL refuses to run as root, and its user " + OWN
                            + " could not be made: run useradd --system " + OWN
                            + ", or set io.nvremote.store.postgres.embedded user");
        }
        LOG.atInfo().addKeyValue("user", OWN).log("system user made for the database");
    }

    /** What a command prints, if it succeeds. */
    private static Optional<String> run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            return process.waitFor() == 0 ? Optional.of(output) : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command[0], e);
        }
    }

    private static int id(String option, String user) throws IOException {
        return run("id", option, user)
                .map(Integer::valueOf)
                .orElseThrow(() -> new StreamException(
                        StoreError.SERVER_FAILED,
                        "the server is to run as the user " + user + ", who does not exist: set another user"));
    }
}
