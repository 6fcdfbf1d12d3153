// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres.embedded;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.store.StoreError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running server process of a cluster. Belongs to one thread, except {@link #stop}. */
final class Postmaster {

    private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);
    private static final int FAST_SECONDS = 8;
    private static final long LOG_LIMIT = 10L << 20;

    private final Cluster cluster;
    private final Process process;
    private final int port;

    private Postmaster(Cluster cluster, Process process, int port) {
        this.cluster = cluster;
        this.process = process;
        this.port = port;
    }

    /**
     * Starts the server and waits until it answers. A server that a killed runtime left behind is stopped first: cleanly, so
     * that it writes down what it holds.
     */
    static Postmaster start(Cluster cluster, EmbeddedSettings settings, Clock clock)
            throws IOException, InterruptedException {
        stopOrphan(cluster);
        int port = port(cluster, settings.port());
        if (Files.exists(cluster.log()) && Files.size(cluster.log()) > LOG_LIMIT) {
            Files.move(
                    cluster.log(), cluster.log().resolveSibling("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        Process process = cluster.builder(arguments(cluster, port))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(cluster.log().toFile()))
                .start();
        Postmaster server = new Postmaster(cluster, process, port);
        try {
            server.awaitAnswer(settings.startTimeout(), clock);
        } catch (RuntimeException | IOException e) {
            server.stop();
            throw e;
        }
        cluster.rememberPort(port);
        return server;
    }

    private static List<String> arguments(Cluster cluster, int port) {
        List<String> arguments = new ArrayList<>(
                List.of(cluster.program("postgres"), "-D", cluster.data().toString()));
        for (String setting : List.of(
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=",
                "fsync=on",
                "synchronous_commit=on",
                "full_page_writes=on",
                "password_encryption=scram-sha-256",
                "max_connections=40",
                "shared_buffers=32MB",
                "timezone=UTC",
                "log_timezone=UTC",
                "logging_collector=off",
                "log_min_messages=warning")) {
            arguments.add("-c");
            arguments.add(setting);
        }
        return arguments;
    }

    private void awaitAnswer(Duration limit, Clock clock) throws IOException {
        long end = clock.nanos() + limit.toNanos();
        while (true) {
            if (!process.isAlive()) {
                throw Cluster.failure(
                        "PostgreSQL ended with " + process.exitValue() + ": " + Cluster.tail(cluster.log()));
            }
            try {
                Provisioning.run(port, cluster.passwords());
                return;
            } catch (SQLException e) {
                if (clock.nanos() > end) {
                    throw new StreamException(
                            StoreError.SERVER_FAILED,
                            "PostgreSQL did not answer in " + limit + ": " + e.getMessage(),
                            e);
                }
            }
            clock.sleep(Duration.ofMillis(50));
        }
    }

    int port() {
        return port;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Waits until the process ends, whoever ends it. */
    void awaitEnd() throws InterruptedException {
        process.waitFor();
    }

    /** Stops the server: fast, or at once if that takes too long. Idempotent. */
    void stop() throws IOException, InterruptedException {
        if (process.isAlive()) {
            stop(cluster, process.toHandle());
        }
    }

    private static void stop(Cluster cluster, ProcessHandle server) throws IOException, InterruptedException {
        for (String mode : List.of("fast", "immediate")) {
            try {
                cluster.run(
                        FAST_SECONDS + 2,
                        "pg_ctl",
                        "stop",
                        "-D",
                        cluster.data().toString(),
                        "-m",
                        mode,
                        "-t",
                        Integer.toString(FAST_SECONDS),
                        "-w");
                return;
            } catch (StreamException e) {
                if (!server.isAlive()) {
                    return;
                }
                LOG.atWarn()
                        .addKeyValue("mode", mode)
                        .addKeyValue(Keys.REASON, e.getMessage())
                        .log("database did not stop");
            }
        }
        // Safe for the data: the next start replays the write-ahead log.
        server.destroyForcibly();
    }

    private static void stopOrphan(Cluster cluster) throws IOException, InterruptedException {
        Optional<ProcessHandle> orphan =
                serving(cluster.data()).filter(Postmaster::leads).findFirst();
        if (orphan.isPresent()) {
            LOG.atWarn()
                    .addKeyValue("pid", orphan.get().pid())
                    .log("stopping a database that a killed runtime left behind");
            stop(cluster, orphan.get());
        }
        // Its children notice its end by themselves, a moment later: two servers at the same files would destroy them.
        for (ProcessHandle left : serving(cluster.data()).toList()) {
            awaitEnd(left);
        }
        // The id in it may belong to somebody else by now, whom PostgreSQL would take for a running server.
        Files.deleteIfExists(cluster.data().resolve("postmaster.pid"));
    }

    private static void awaitEnd(ProcessHandle left) throws IOException, InterruptedException {
        for (boolean forced : new boolean[] {false, true}) {
            if (forced) {
                left.destroyForcibly(); // As safe as a power cut: the next start replays the write-ahead log.
            }
            try {
                left.onExit().get(FAST_SECONDS, TimeUnit.SECONDS);
                return;
            } catch (TimeoutException e) {
                LOG.atWarn().addKeyValue("pid", left.pid()).log("a process of a database that ended is still there");
            } catch (ExecutionException e) {
                throw new IOException("process " + left.pid() + " can't be waited for", e);
            }
        }
        throw Cluster.failure("process " + left.pid() + " of an earlier server still uses the data and can't be ended");
    }

    /** Asks the processes, not the file with the server's id, which a power cut may have emptied or filled with zeros. */
    private static Stream<ProcessHandle> serving(Path data) {
        return ProcessHandle.allProcesses().filter(process -> servesFrom(process, data));
    }

    /** Whether it is the server itself. What it starts says in its title what it does: "postgres: checkpointer". */
    private static boolean leads(ProcessHandle process) {
        try {
            return !Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.UTF_8)
                    .startsWith("postgres: ");
        } catch (IOException e) {
            return false; // Gone meanwhile.
        }
    }

    private static boolean servesFrom(ProcessHandle process, Path data) {
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        try {
            return Files.readSymbolicLink(proc.resolve("exe")).toString().contains("/bin/postgres")
                    && Files.isSameFile(Files.readSymbolicLink(proc.resolve("cwd")), data);
        } catch (IOException e) {
            return false; // Gone, or another user's: none of ours.
        }
    }

    /** The configured port if it is free; else the port of the last start if it is free, else any. */
    private static int port(Cluster cluster, int configured) throws IOException {
        if (configured != 0) {
            if (free(configured) == null) {
                throw new StreamException(
                        StoreError.SERVER_PORT_IN_USE,
                        "port " + configured + " on 127.0.0.1 is taken by another process");
            }
            return configured;
        }
        Integer remembered = cluster.rememberedPort();
        Integer last = remembered == null ? null : free(remembered);
        if (last != null) {
            return last;
        }
        Integer any = free(0);
        if (any == null) {
            throw new StreamException(StoreError.SERVER_PORT_IN_USE, "no free port on 127.0.0.1");
        }
        return any;
    }

    private static @Nullable Integer free(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            return probe.getLocalPort();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).addKeyValue(Keys.PORT, port).log("port is taken");
            return null;
        }
    }
}
