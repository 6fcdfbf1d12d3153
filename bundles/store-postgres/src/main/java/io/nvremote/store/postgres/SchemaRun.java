// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.core.StreamException;
import io.nvremote.store.StoreError;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Steps being run: by one process at a time, whoever else shares the database. One thread. */
final class SchemaRun implements AutoCloseable {

    private static final Pattern ROLE = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_-]{0,62}");
    private static final String LOCK = "SELECT pg_advisory_lock(hashtextextended('nvremote schema', 0))";
    private static final String UNLOCK = "SELECT pg_advisory_unlock(hashtextextended('nvremote schema', 0))";

    private final DataSource owner;
    private final String role;
    private final Connection lock;
    private final FormerHistory former;

    private SchemaRun(DataSource owner, String role, Connection lock, FormerHistory former) {
        this.owner = owner;
        this.role = role;
        this.lock = lock;
        this.former = former;
    }

    /** Checks the application role and waits until no other process runs steps. */
    static SchemaRun open(DataSource owner, DataSource app) throws SQLException {
        String role = requireBoundRole(app);
        Connection lock = owner.getConnection();
        try {
            if (role.equals(text(lock, "SELECT current_user"))) {
                throw new StreamException(
                        StoreError.MIGRATION_FAILED,
                        "the owner and the application use the same role " + role
                                + ": the application must have its own");
            }
            execute(lock, LOCK);
            return new SchemaRun(owner, role, lock, FormerHistory.read(lock));
        } catch (SQLException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Runs what the provider's history lacks, and returns how many steps that were. */
    int apply(ProviderSteps provider) {
        try {
            return Flyway.configure(Flyway.class.getClassLoader())
                    .dataSource(owner)
                    .defaultSchema(Schema.NAME)
                    .createSchemas(true)
                    .table("schema_history_" + provider.provider())
                    // There are tables of others before there is a history of this one.
                    .baselineOnMigrate(true)
                    .baselineVersion(former.stepsBefore(provider))
                    .resourceProvider(new StepFiles(provider))
                    // Nothing is looked for: the steps are handed over.
                    .locations(new String[0])
                    .callbackLocations(new String[0])
                    .placeholders(Map.of("app", role))
                    .callbacks(new ShortLocks())
                    .connectRetries(0)
                    .load()
                    .migrate()
                    .migrationsExecuted;
        } catch (FlywayException e) {
            StreamException coded = SqlFailures.coded(e);
            throw coded.code() == StoreError.FAILED
                    ? new StreamException(
                            StoreError.MIGRATION_FAILED,
                            "the tables of " + provider.provider() + " could not be made: " + e.getMessage(),
                            e)
                    : coded;
        }
    }

    /** The application role's name; refuses one that could step around row-level security. */
    private static String requireBoundRole(DataSource app) throws SQLException {
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

    private static String text(Connection connection, String sql) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet rows = query.executeQuery()) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }

    @Override
    public void close() throws SQLException {
        try (lock) {
            execute(lock, UNLOCK);
        }
    }
}
