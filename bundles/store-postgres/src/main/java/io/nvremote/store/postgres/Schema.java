// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.store.StoreError;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Brings the schema up to date and checks that the application role is one that row-level security binds. Tries until it has
 * succeeded, in a virtual thread of its own.
 *
 * <p><b>Threads.</b> Safe for any thread.
 */
final class Schema implements AutoCloseable {

    /** The schema that holds every table. */
    static final String NAME = "nvremote";

    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Pattern ROLE = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_-]{0,62}");

    private final DataSource owner;
    private final DataSource app;
    private final Clock clock;
    private final Thread keeper;
    private final Object changed = new Object();
    // Guarded by `changed`.
    private boolean current;
    private boolean closed;
    private @Nullable StreamException failure;

    Schema(DataSource owner, DataSource app, Clock clock) {
        this.owner = owner;
        this.app = app;
        this.clock = clock;
        this.keeper = Thread.ofVirtual().name("store-schema").unstarted(this::keep);
    }

    void start() {
        keeper.start();
    }

    /** Returns when the schema is current, or fails after {@code patience} with the reason why it is not. */
    void await(Duration patience) {
        synchronized (changed) {
            long end = clock.nanos() + patience.toNanos();
            while (!current) {
                long left = (end - clock.nanos()) / 1_000_000;
                if (left <= 0 || closed) {
                    throw failure != null
                            ? failure
                            : new StreamException(StoreError.UNAVAILABLE, "the database is being brought up to date");
                }
                try {
                    changed.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new StreamException(StoreError.UNAVAILABLE, "interrupted while waiting for the database", e);
                }
            }
        }
    }

    boolean current() {
        synchronized (changed) {
            return current;
        }
    }

    private void keep() {
        Duration pause = FIRST_PAUSE;
        while (!closed()) {
            try {
                migrate();
                synchronized (changed) {
                    current = true;
                    failure = null;
                    changed.notifyAll();
                }
                return;
            } catch (SQLException | RuntimeException e) {
                failed(e);
            }
            clock.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private void migrate() throws SQLException {
        String role = requireBoundRole();
        try (Connection reachable = owner.getConnection()) {
            if (role.equals(user(reachable))) {
                throw new StreamException(
                        StoreError.MIGRATION_FAILED,
                        "the owner and the application use the same role " + role
                                + ": the application must have its own");
            }
        }
        long began = clock.nanos();
        int steps = Flyway.configure(Flyway.class.getClassLoader())
                .dataSource(owner)
                .defaultSchema(NAME)
                .createSchemas(true)
                .resourceProvider(new Migrations())
                // Nothing is looked for: the steps are handed over.
                .locations(new String[0])
                .callbackLocations(new String[0])
                .placeholders(Map.of("app", role))
                .connectRetries(0)
                .load()
                .migrate()
                .migrationsExecuted;
        LOG.atInfo()
                .addKeyValue(Keys.COUNT, steps)
                .addKeyValue(Keys.DURATION_MILLIS, (clock.nanos() - began) / 1_000_000)
                .log("schema is current");
    }

    /** The application role's name; refuses one that could step around row-level security. */
    private String requireBoundRole() throws SQLException {
        try (Connection connection = app.getConnection();
                PreparedStatement query = connection.prepareStatement(
                        "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user");
                ResultSet rows = query.executeQuery()) {
            rows.next();
            String role = rows.getString(1);
            if (rows.getBoolean(2) || !ROLE.matcher(role).matches()) {
                throw new StreamException(
                        StoreError.MIGRATION_FAILED,
                        "the application role " + role
                                + " is a superuser, bypasses row-level security or has an odd name: use a plain role");
            }
            return role;
        }
    }

    private static String user(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT current_user");
                ResultSet rows = query.executeQuery()) {
            rows.next();
            return rows.getString(1);
        }
    }

    private void failed(Exception e) {
        StreamException coded = coded(e);
        boolean news;
        synchronized (changed) {
            StreamException last = failure;
            news = last == null || !String.valueOf(last.getMessage()).equals(coded.getMessage());
            failure = coded;
        }
        if (news) {
            // A database that is still starting is no news, and what the server lacks is told by its reason.
            boolean expected = coded.code() == StoreError.UNAVAILABLE;
            boolean ours = coded.code() == StoreError.MIGRATION_FAILED || coded.code() == StoreError.FAILED;
            LoggingEventBuilder line = expected ? LOG.atInfo() : LOG.atError();
            (ours ? line.setCause(coded) : line)
                    .addKeyValue(Keys.CODE, coded.code().name())
                    .addKeyValue(Keys.REASON, coded.getMessage())
                    .addKeyValue("advice", coded.code().advice())
                    .log("schema is not current yet; trying again");
        }
    }

    private static StreamException coded(Exception e) {
        StreamException coded = SqlFailures.coded(e);
        return e instanceof FlywayException && coded.code() == StoreError.FAILED
                ? new StreamException(StoreError.MIGRATION_FAILED, "migration failed: " + e.getMessage(), e)
                : coded;
    }

    private boolean closed() {
        synchronized (changed) {
            return closed;
        }
    }

    /** Stops trying. Idempotent. */
    @Override
    public void close() {
        synchronized (changed) {
            closed = true;
            changed.notifyAll();
        }
        keeper.interrupt();
        try {
            if (!keeper.join(Duration.ofSeconds(2))) {
                LOG.atWarn().log("a migration is still running");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
