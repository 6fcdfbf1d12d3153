// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.store.SchemaSteps;
import io.nvremote.store.Store;
import io.nvremote.store.StoreError;
import io.nvremote.store.postgres.embedded.AppSource;
import io.nvremote.store.postgres.embedded.EmbeddedServer;
import io.nvremote.store.postgres.embedded.EmbeddedSettings;
import io.nvremote.store.postgres.embedded.OwnerSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A real PostgreSQL with providers' tables in place, started once per test run by our own launcher. As an extension it hands
 * itself to whoever asks for a parameter of its type: {@code @ExtendWith(TestDatabase.Once.class) @TestDatabase.With(…)}. It
 * holds the tables that are asked for and no others: what a provider names besides fails.
 */
public final class TestDatabase implements AutoCloseable {

    private final Path folder;
    private final EmbeddedServer server;
    private final OwnerSource owner;
    private final AppSource app;
    private final PostgresStore store;
    private final CountedExchanges counted;

    /** Whose tables, beside the store's own. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    public @interface With {
        Class<? extends SchemaSteps>[] value();
    }

    /** @param steps whose tables, beside the store's own */
    public TestDatabase(List<? extends SchemaSteps> steps) {
        List<SchemaSteps> all = new ArrayList<>(steps);
        all.add(new StoreSchema());
        try {
            folder = Files.createTempDirectory("nvremote-test-database");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server = new EmbeddedServer(new EmbeddedSettings(folder.resolve("pg"), 0, "nobody", Duration.ofSeconds(90)));
        owner = new OwnerSource(server);
        app = new AppSource(server);
        counted = new CountedExchanges(app);
        store = new PostgresStore(
                new StoreSettings(16, Duration.ofSeconds(5), Duration.ofSeconds(15)),
                owner,
                counted.source(),
                Clock.system(),
                all);
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!store.ready()) {
            if (System.nanoTime() > end) {
                // Says why, when it fails.
                store.global(connection -> true);
            }
            Clock.system().sleep(Duration.ofMillis(50));
        }
    }

    /** The store under test. */
    public Store store() {
        return store;
    }

    /** How often the store has waited for an answer of the database so far. */
    public long exchanges() {
        return counted.soFar();
    }

    /** The role that owns the tables. */
    public DataSource owner() {
        return owner;
    }

    /** The role that the product uses. */
    public DataSource app() {
        return app;
    }

    /** Runs statements as the owner of the tables: what no part of the product may do. */
    public void asOwner(String... statements) {
        try (Connection connection = ownerConnection();
                var statement = connection.createStatement()) {
            statement.execute("SET search_path = nvremote");
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One value read as the owner. */
    public String valueAsOwner(String query) {
        try (Connection connection = ownerConnection();
                var statement = connection.createStatement()) {
            statement.execute("SET search_path = nvremote");
            try (var rows = statement.executeQuery(query)) {
                return rows.next() ? String.valueOf(rows.getString(1)) : "";
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** While the work runs, rows of the table can hold what their checks forbid; it leaves none of these behind. */
    public void withoutChecks(String table, Runnable work) {
        String of = " FROM pg_constraint WHERE contype = 'c' AND conrelid = '" + table + "'::regclass";
        String back = valueAsOwner(
                "SELECT string_agg(format('ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)), ', ')" + of);
        String away = valueAsOwner("SELECT string_agg(format('DROP CONSTRAINT %I', conname), ', ')" + of);
        asOwner("ALTER TABLE " + table + " " + away);
        try {
            work.run();
        } finally {
            asOwner("ALTER TABLE " + table + " " + back);
        }
    }

    private Connection ownerConnection() throws SQLException {
        return owner.getConnection();
    }

    /** Kills the server's process, as a crash would; it is started again by itself. */
    public void kill() {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            List<ProcessHandle> mine = all.filter(
                            p -> p.parent().map(ProcessHandle.current()::equals).orElse(false))
                    .filter(p -> p.info().command().orElse("").startsWith(folder.toString()))
                    .toList();
            if (mine.isEmpty()) {
                throw new StreamException(StoreError.SERVER_FAILED, "found no server to kill");
            }
            mine.forEach(ProcessHandle::destroyForcibly);
        }
    }

    @Override
    public void close() {
        store.close();
        server.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One database for all test classes of a run; they all want the same tables. */
    public static final class Once implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == TestDatabase.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .getOrComputeIfAbsent(
                            Held.class,
                            key -> new Held(new TestDatabase(steps(context.getRequiredTestClass()))),
                            Held.class)
                    .database();
        }

        private static List<SchemaSteps> steps(Class<?> test) {
            List<SchemaSteps> steps = new ArrayList<>();
            try {
                for (Class<? extends SchemaSteps> each :
                        test.getAnnotation(With.class).value()) {
                    steps.add(each.getConstructor().newInstance());
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
            return steps;
        }

        private record Held(TestDatabase database) implements AutoCloseable {
            @Override
            public void close() {
                database.close();
            }
        }
    }
}
