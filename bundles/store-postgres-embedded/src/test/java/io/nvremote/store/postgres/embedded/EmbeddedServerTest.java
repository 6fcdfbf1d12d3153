// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Clock;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.StreamException;
import io.nvremote.store.StoreError;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedServerTest {

    @TempDir
    Path temporary;

    private Path folder;

    @BeforeEach
    void letTheServersUserIn() throws Exception {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx--x--x"));
        folder = temporary.resolve("database");
    }

    @Test
    void a_first_start_makes_a_durable_password_protected_database_and_a_second_start_finds_its_rows()
            throws Exception {
        EmbeddedServer first = new EmbeddedServer(settings(0));
        try {
            try (Connection owner = connected(first, true)) {
                assertThat(text(owner, "SHOW fsync")).isEqualTo("on");
                assertThat(text(owner, "SHOW synchronous_commit")).isEqualTo("on");
                assertThat(text(owner, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
                assertThat(text(owner, "SHOW server_version")).startsWith(Integer.toString(Programs.MAJOR));
                assertThat(text(owner, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"))
                        .isEqualTo("f");
                execute(owner, "CREATE SCHEMA s");
                execute(owner, "CREATE TABLE s.kept (v text)");
                execute(owner, "INSERT INTO s.kept VALUES ('here')");
            }
            try (Connection app = connected(first, false)) {
                assertThat(text(app, "SELECT current_user")).isEqualTo(Provisioning.APP);
                assertThatThrownBy(() -> execute(app, "SELECT * FROM s.kept"))
                        .hasMessageContaining("permission denied");
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("passwords"))))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("data"))))
                    .isEqualTo("rwx------");
            int port = first.life().server().port();
            assertThatThrownBy(() -> Provisioning.source(port, "postgres").getConnection("postgres", "guess"))
                    .hasMessageContaining("password");
            String expected = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0
                    ? ServerUser.OWN
                    : System.getProperty("user.name");
            assertThat(Files.getOwner(folder.resolve("data")).getName())
                    .as("a user of its own")
                    .isEqualTo(expected);
            assertThat(Files.getAttribute(Path.of("/proc", Long.toString(pid(first))), "unix:uid"))
                    .as("the server's user")
                    .isEqualTo(Files.getAttribute(folder.resolve("data"), "unix:uid"));
        } finally {
            first.close();
        }
        EmbeddedServer second = new EmbeddedServer(settings(0));
        try (Connection owner = connected(second, true)) {
            assertThat(text(owner, "SELECT v FROM s.kept")).isEqualTo("here");
        } finally {
            second.close();
        }
        assertThat(folder.resolve("data/postmaster.pid")).doesNotExist();
    }

    @Test
    void a_killed_runtime_leaves_a_server_that_the_next_start_stops_cleanly_before_it_takes_over() throws Exception {
        Process runtime = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OrphanMain.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        ProcessHandle orphan;
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(runtime.getInputStream(), StandardCharsets.UTF_8))) {
            String line = output.readLine();
            while (line != null && !line.startsWith("pid ")) {
                line = output.readLine();
            }
            assertThat(line).as("the child's last word").isNotNull();
            orphan = ProcessHandle.of(Long.parseLong(line.substring(4))).orElseThrow();
        } finally {
            runtime.destroyForcibly().waitFor();
        }
        assertThat(runs(orphan)).as("the orphan runs").isTrue();

        EmbeddedServer next = new EmbeddedServer(settings(0));
        try (Connection owner = connected(next, true)) {
            assertThat(runs(orphan)).as("the orphan runs").isFalse();
            assertThat(text(owner, "SELECT v FROM kept")).isEqualTo("acknowledged");
        } finally {
            next.close();
        }
        assertThat(Files.readString(folder.resolve("server.log"))).doesNotContain("was not properly shut down");
    }

    @Test
    void a_server_that_is_killed_is_started_again_with_its_rows() throws Exception {
        EmbeddedServer server = new EmbeddedServer(settings(0));
        try {
            try (Connection owner = connected(server, true)) {
                execute(owner, "CREATE SCHEMA s");
                execute(owner, "CREATE TABLE s.kept AS SELECT 'here' AS v");
            }
            long killed = pid(server);
            ProcessHandle.of(killed).orElseThrow().destroyForcibly();
            eventually(() -> server.life().server() != null && pid(server) != killed);
            try (Connection owner = connected(server, true)) {
                assertThat(text(owner, "SELECT v FROM s.kept")).isEqualTo("here");
            }
        } finally {
            server.close();
        }
    }

    @Test
    void a_killed_server_s_child_that_never_ends_is_gone_before_another_server_uses_the_data() throws Exception {
        EmbeddedServer server = new EmbeddedServer(settings(0));
        try {
            connected(server, true).close();
            ProcessHandle killed = ProcessHandle.of(pid(server)).orElseThrow();
            ProcessHandle child = killed.children().findFirst().orElseThrow();
            new ProcessBuilder("kill", "-STOP", Long.toString(child.pid()))
                    .start()
                    .waitFor();
            killed.destroyForcibly();
            eventually(() -> server.life().server() != null && pid(server) != killed.pid());
            assertThat(child.isAlive()).isFalse();
        } finally {
            server.close();
        }
    }

    @Test
    void a_second_runtime_on_the_same_folder_is_refused() throws Exception {
        EmbeddedServer first = new EmbeddedServer(settings(0));
        try (Connection alive = connected(first, true)) {
            EmbeddedServer second = new EmbeddedServer(settings(0));
            try {
                assertRefused(second, StoreError.SERVER_FAILED, "another running process uses the folder");
            } finally {
                second.close();
            }
            assertThat(text(alive, "SELECT 1")).isEqualTo("1");
        } finally {
            first.close();
        }
    }

    @Test
    void a_taken_port_is_named() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EmbeddedServer server = new EmbeddedServer(settings(taken.getLocalPort()));
            try {
                assertRefused(server, StoreError.SERVER_PORT_IN_USE, Integer.toString(taken.getLocalPort()));
            } finally {
                server.close();
            }
        }
    }

    @Test
    void a_data_folder_of_a_newer_release_is_left_alone() throws Exception {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/PG_VERSION"), (Programs.MAJOR + 1) + "\n");
        EmbeddedServer server = new EmbeddedServer(settings(0));
        try {
            assertRefused(server, StoreError.SERVER_FOLDER_NEWER, "PostgreSQL " + (Programs.MAJOR + 1));
            assertThat(folder.resolve("data")).isDirectoryContaining(p -> p.endsWith("PG_VERSION"));
        } finally {
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0\0\0\0\0\0\0\0", "99999", "no port", "-1"})
    void a_damaged_port_or_process_file_is_no_reason_not_to_start(String damage) throws Exception {
        EmbeddedServer first = new EmbeddedServer(settings(0));
        try (Connection owner = connected(first, true)) {
            execute(owner, "CREATE SCHEMA s");
        } finally {
            first.close();
        }
        Files.writeString(folder.resolve("port"), damage);
        Files.writeString(folder.resolve("data/postmaster.pid"), damage);
        EmbeddedServer second = new EmbeddedServer(settings(0));
        try (Connection owner = connected(second, true)) {
            execute(owner, "DROP SCHEMA s");
            assertThat(Files.readString(folder.resolve("port")))
                    .isEqualTo(Integer.toString(second.life().server().port()));
        } finally {
            second.close();
        }
    }

    @Test
    void damaged_files_that_nothing_can_replace_are_named() throws Exception {
        for (String name : new String[] {"passwords", "data/PG_VERSION"}) {
            Files.createDirectories(folder.resolve("data"));
            Files.writeString(folder.resolve("data/PG_VERSION"), Programs.MAJOR + "\n");
            Files.writeString(folder.resolve(name), "\0\0\0\0");
            EmbeddedServer server = new EmbeddedServer(settings(0));
            try {
                assertRefused(
                        server, StoreError.SERVER_FAILED, folder.resolve(name).toString());
            } finally {
                server.close();
            }
            Files.delete(folder.resolve(name));
        }
    }

    @Test
    void a_full_disk_is_told_by_what_the_server_printed() {
        assertThat(Cluster.failure("initdb failed: could not extend file: No space left on device")
                        .code())
                .isEqualTo(StoreError.FULL);
        assertThat(Cluster.failure("initdb failed: anything else").code()).isEqualTo(StoreError.SERVER_FAILED);
    }

    private static void assertRefused(EmbeddedServer server, ErrorCode code, String text) throws Exception {
        StreamException[] seen = new StreamException[1];
        eventually(() -> {
            try {
                server.connect(true).close();
                return false;
            } catch (SQLException e) {
                if (e.getCause() instanceof StreamException s) {
                    seen[0] = s;
                }
                return seen[0] != null;
            }
        });
        assertThat(seen[0].code()).isEqualTo(code);
        assertThat(seen[0]).hasMessageContaining(text);
    }

    private EmbeddedSettings settings(int port) {
        return new EmbeddedSettings(folder, port, ServerUser.OWN, Duration.ofSeconds(60));
    }

    /** Ended processes whose parent has not asked for their end yet have no program any more. */
    private static boolean runs(ProcessHandle process) {
        return Files.isReadable(Path.of("/proc", Long.toString(process.pid()), "exe"));
    }

    private static long pid(EmbeddedServer server) {
        return server.life().server().handle().pid();
    }

    static Connection connected(EmbeddedServer server, boolean owner) throws Exception {
        Connection[] connection = new Connection[1];
        eventually(() -> {
            try {
                connection[0] = server.connect(owner);
                return true;
            } catch (SQLException e) {
                return false;
            }
        });
        return connection[0];
    }

    static void eventually(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("waited 90 s").isLessThan(end);
            Clock.system().sleep(Duration.ofMillis(50));
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    /** A runtime that is killed: starts the server, commits a row, says so and waits. */
    static final class OrphanMain {

        private OrphanMain() {}

        public static void main(String[] arguments) throws Exception {
            EmbeddedServer server = new EmbeddedServer(
                    new EmbeddedSettings(Path.of(arguments[0]), 0, ServerUser.OWN, Duration.ofSeconds(60)));
            try (Connection owner = connected(server, true)) {
                execute(owner, "CREATE SCHEMA nvremote_owner");
                execute(owner, "CREATE TABLE kept AS SELECT 'acknowledged' AS v");
                System.out.println("pid " + pid(server));
                System.out.flush();
                Clock.system().sleep(Duration.ofMinutes(10));
            }
        }
    }
}
