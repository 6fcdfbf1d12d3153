// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres.embedded;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.store.StoreError;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Keeps one server running from {@link #start} to {@link #close}: starts it in the background, starts it again when it ends
 * by itself or is killed, and tells those who ask for a connection why there is none.
 *
 * <p><b>Threads.</b> Safe for any thread. One virtual thread looks after the process.
 */
final class ServerLife implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerLife.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    /** How long somebody who asks for a connection waits for a server that is starting. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final EmbeddedSettings settings;
    private final Clock clock;
    private final Thread keeper;
    private final Object changed = new Object();
    // Guarded by `changed`.
    private @Nullable Postmaster running;
    private @Nullable Passwords passwords;
    private @Nullable StreamException failure;
    private boolean closed;

    ServerLife(EmbeddedSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.keeper = Thread.ofVirtual().name("embedded-postgres").unstarted(this::keep);
    }

    void start() {
        keeper.start();
    }

    /** A new connection of the owner or the application role; waits a few seconds for a server that is starting. */
    Connection connect(boolean owner) throws SQLException {
        int port;
        Passwords words;
        synchronized (changed) {
            long end = clock.nanos() + PATIENCE.toNanos();
            while (running == null || passwords == null) {
                long left = (end - clock.nanos()) / 1_000_000;
                if (closed || left <= 0) {
                    throw new SQLTransientConnectionException(
                            failure == null ? "the embedded database is starting" : failure.getMessage(),
                            "08001",
                            failure);
                }
                try {
                    changed.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new SQLTransientConnectionException("interrupted while waiting for the database", "08001", e);
                }
            }
            port = running.port();
            words = passwords;
        }
        return Provisioning.source(port, Provisioning.DATABASE)
                .getConnection(
                        owner ? Provisioning.OWNER : Provisioning.APP, (owner ? words.owner() : words.app()).reveal());
    }

    /** The running server, if there is one. */
    @Nullable
    Postmaster server() {
        synchronized (changed) {
            return running;
        }
    }

    private void keep() {
        Duration pause = FIRST_PAUSE;
        while (!closed()) {
            try (Cluster cluster = Cluster.open(settings)) {
                cluster.prepareData();
                while (!closed()) {
                    serve(cluster);
                    pause = FIRST_PAUSE;
                }
            } catch (IOException | RuntimeException e) {
                failed(e);
            } catch (InterruptedException e) {
                // close() interrupts; the loop's condition decides.
                LOG.atDebug().setCause(e).log("embedded database told to stop");
            }
            if (!closed()) {
                clock.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
    }

    private void serve(Cluster cluster) throws IOException, InterruptedException {
        long began = clock.nanos();
        Postmaster server = Postmaster.start(cluster, settings, clock);
        try {
            LOG.atInfo()
                    .addKeyValue(Keys.PORT, server.port())
                    .addKeyValue(Keys.VERSION, Programs.RELEASE)
                    .addKeyValue(Keys.DURATION_MILLIS, (clock.nanos() - began) / 1_000_000)
                    .log("embedded database runs");
            publish(server, cluster.passwords());
            server.awaitEnd();
            LOG.atWarn().log("embedded database ended by itself: starting it again");
        } finally {
            publish(null, null);
            // An interrupt told us to stop: pg_ctl must be waited for all the same.
            boolean interrupted = Thread.interrupted();
            server.stop();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void publish(@Nullable Postmaster server, @Nullable Passwords words) {
        synchronized (changed) {
            running = server;
            passwords = words;
            if (server != null) {
                failure = null;
            }
            changed.notifyAll();
        }
    }

    private void failed(Exception e) {
        StreamException coded = e instanceof StreamException s
                ? s
                : new StreamException(
                        String.valueOf(e.getMessage()).contains("No space left on device")
                                ? StoreError.FULL
                                : StoreError.SERVER_FAILED,
                        "the embedded database in " + settings.folder() + " can't be started: " + e,
                        e);
        boolean news;
        synchronized (changed) {
            StreamException last = failure;
            news = last == null || !String.valueOf(last.getMessage()).equals(coded.getMessage());
            failure = coded;
        }
        if (news) {
            LoggingEventBuilder line = LOG.atError();
            // Files, ports and programs are told by the reason: what the code did is of use where it did wrong.
            (e instanceof IOException || e instanceof StreamException ? line : line.setCause(e))
                    .addKeyValue(Keys.CODE, coded.code().name())
                    .addKeyValue(Keys.REASON, coded.getMessage())
                    .addKeyValue("advice", coded.code().advice())
                    .log("embedded database can't be started; trying again");
        }
    }

    private boolean closed() {
        synchronized (changed) {
            return closed;
        }
    }

    /** Stops the server and waits for it, at most about 25 s in the worst case and well under one as a rule. Idempotent. */
    @Override
    public void close() {
        synchronized (changed) {
            closed = true;
            changed.notifyAll();
        }
        keeper.interrupt();
        try {
            if (!keeper.join(Duration.ofSeconds(25))) {
                LOG.atError().log("embedded database did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
