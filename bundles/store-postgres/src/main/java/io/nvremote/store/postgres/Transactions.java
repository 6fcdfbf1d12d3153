// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.store.RowReader;
import io.nvremote.store.StoreError;
import io.nvremote.store.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
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

    /** How long work waits for somebody's lock while it holds one of many connections, and then, one by one. */
    private static final Duration FIRST_LOCK_WAIT = Duration.ofMillis(250);

    private static final Duration LOCK_WAIT = Duration.ofSeconds(2);

    private final StoreSettings settings;
    private final Schema schema;
    private final Clock clock;
    private final HikariDataSource pool;
    private final Lanes lanes;
    private final TransactionFrame frame;
    private final TransactionFrame patientFrame;
    private volatile long lastSuccess;

    Transactions(StoreSettings settings, Schema schema, DataSource app, Clock clock) {
        this.settings = settings;
        this.schema = schema;
        this.clock = clock;
        this.frame = new TransactionFrame(settings.statementTimeout(), FIRST_LOCK_WAIT);
        this.patientFrame = new TransactionFrame(settings.statementTimeout(), LOCK_WAIT);
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
        return retried(patient -> once(org, patient, work));
    }

    <T> List<T> select(String org, String sql, List<?> values, RowReader<T> row) {
        return retried(patient -> {
            try (var _ = lanes.enter(org, patient);
                    Connection connection = pool.getConnection()) {
                // Without a transaction around it the statement and its frame are one: they commit or fail together.
                connection.setAutoCommit(true);
                return (patient ? patientFrame : frame).select(connection, org, sql, values, row);
            }
        });
    }

    /** One try; {@code patient} if it has waited in vain for a lock before. */
    @FunctionalInterface
    private interface Attempt<T extends @Nullable Object> {
        T make(boolean patient) throws SQLException;
    }

    private <T extends @Nullable Object> T retried(Attempt<T> work) {
        schema.await(settings.patience());
        long end = clock.nanos() + settings.patience().toNanos();
        boolean patient = false;
        for (int attempt = 1; ; ) {
            try {
                T result = work.make(patient);
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
                (patient ? patientFrame : frame).begin(connection, org);
                T result = work.run(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                rollback(connection, e);
                throw e;
            }
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
