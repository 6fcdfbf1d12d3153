// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.store.StoreError;
import io.nvremote.store.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs work in transactions on pooled connections of the application role. Safe for any thread. */
final class Transactions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);
    private static final int ATTEMPTS = 5;
    /** A success this young answers {@link #ready} without asking the database. */
    private static final long FRESH_NANOS = Duration.ofSeconds(2).toNanos();

    /** All of it ends with the transaction, so that nothing of one caller reaches the next on the same connection. */
    private static final String BEGIN = """
            SELECT set_config('app.org_id', ?, true), set_config('search_path', ?, true),
                   set_config('statement_timeout', ?, true), set_config('lock_timeout', ?, true)""";

    /** How long work waits for somebody's lock while it holds one of many connections, and then, one by one. */
    private static final Duration FIRST_LOCK_WAIT = Duration.ofMillis(250);

    private static final Duration LOCK_WAIT = Duration.ofSeconds(2);

    private final StoreSettings settings;
    private final Schema schema;
    private final Clock clock;
    private final HikariDataSource pool;
    private final Lanes lanes;
    private volatile long lastSuccess;

    Transactions(StoreSettings settings, Schema schema, DataSource app, Clock clock) {
        this.settings = settings;
        this.schema = schema;
        this.clock = clock;
        this.lastSuccess = clock.nanos() - FRESH_NANOS;
        HikariConfig config = new HikariConfig();
        config.setPoolName("nvremote");
        config.setDataSource(app);
        config.setAutoCommit(false);
        config.setMaximumPoolSize(settings.poolSize());
        config.setMinimumIdle(1);
        config.setConnectionTimeout(settings.patience().toMillis());
        config.setValidationTimeout(Math.min(settings.patience().toMillis(), 2_000));
        // The pool starts while the database is down.
        config.setInitializationFailTimeout(-1);
        pool = new HikariDataSource(config);
        lanes = new Lanes(Math.max(1, settings.poolSize() / 2), settings.patience());
    }

    /** @param org the organisation's id, or an empty text for none */
    <T extends @Nullable Object> T run(String org, Transaction<T> work) {
        schema.await(settings.patience());
        long end = clock.nanos() + settings.patience().toNanos();
        boolean patient = false;
        for (int attempt = 1; ; ) {
            try {
                T result = once(org, patient, work);
                lastSuccess = clock.nanos();
                return result;
            } catch (SQLException | RuntimeException e) {
                if (e instanceof RuntimeException own && SqlFailures.sql(e) == null) {
                    throw own;
                }
                boolean locked = SqlFailures.locked(e);
                if (locked ? clock.nanos() - end >= 0 : !SqlFailures.race(e) || attempt++ == ATTEMPTS) {
                    throw SqlFailures.coded(e);
                }
                patient |= locked;
                LOG.atDebug()
                        .setCause(SqlFailures.coded(e))
                        .addKeyValue(Keys.ATTEMPT, attempt)
                        .log("lost a race in the database, again");
                clock.sleep(Duration.ofMillis(ThreadLocalRandom.current().nextLong(1, 20L * attempt)));
            }
        }
    }

    private <T extends @Nullable Object> T once(String org, boolean patient, Transaction<T> work) throws SQLException {
        try (var _ = lanes.enter(org, patient);
                Connection connection = pool.getConnection()) {
            try {
                begin(connection, org, patient ? LOCK_WAIT : FIRST_LOCK_WAIT);
                T result = work.run(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                rollback(connection, e);
                throw e;
            }
        }
    }

    private void begin(Connection connection, String org, Duration lockWait) throws SQLException {
        try (PreparedStatement begin = connection.prepareStatement(BEGIN)) {
            begin.setString(1, org);
            begin.setString(2, Schema.NAME);
            begin.setString(3, settings.statementTimeout().toMillis() + "ms");
            begin.setString(4, lockWait.toMillis() + "ms");
            begin.execute();
        }
    }

    private static void rollback(Connection connection, Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The pool drops the connection; what matters is why we roll back.
            cause.addSuppressed(e);
        }
    }

    boolean ready() {
        if (!schema.current()) {
            return false;
        }
        if (clock.nanos() - lastSuccess < FRESH_NANOS) {
            return true;
        }
        try {
            return run("", connection -> connection.isValid(1));
        } catch (StreamException e) {
            LOG.atDebug().setCause(e).log("database does not answer");
            return e.code() != StoreError.UNAVAILABLE && e.code() != StoreError.FULL;
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
