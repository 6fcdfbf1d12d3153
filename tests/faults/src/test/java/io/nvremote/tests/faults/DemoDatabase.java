// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.faults;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** The database of a demo, read as its superuser. */
final class DemoDatabase {

    static final String RUNNING = "SELECT count(*) FROM nvremote.sessions WHERE status IN ('PENDING', 'ACTIVE')";
    static final String HELD = "SELECT count(*) FROM nvremote.addr_slots WHERE session_id IS NOT NULL";

    private final Path folder;

    DemoDatabase(Path demo) {
        folder = demo.resolve("control-plane/postgres");
    }

    /** The first value of a query. */
    String value(String query) throws Exception {
        Properties passwords = new Properties();
        try (InputStream in = Files.newInputStream(folder.resolve("passwords"))) {
            passwords.load(in);
        }
        String port = Files.readString(folder.resolve("port")).strip();
        try (var connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + port + "/nvremote",
                        "postgres",
                        passwords.getProperty("superuser"));
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** The server's process, also when its control plane is gone; none while one server gives way to the next. */
    Optional<ProcessHandle> server() throws Exception {
        Path file = folder.resolve("data/postmaster.pid");
        try {
            return Files.readAllLines(file).stream()
                    .findFirst()
                    .filter(line -> !line.isBlank())
                    .flatMap(line -> ProcessHandle.of(Long.parseLong(line.strip())));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Ends a server that nobody looks after any more. */
    void stop() throws Exception {
        Optional<ProcessHandle> server = server();
        if (server.isPresent()) {
            server.get().destroy();
            server.get().onExit().get(60, TimeUnit.SECONDS);
        }
    }
}
