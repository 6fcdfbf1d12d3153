// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.audit.postgres.AuditSchema;
import io.nvremote.audit.postgres.PostgresAudit;
import io.nvremote.auth.oidc.AuthSchema;
import io.nvremote.broker.postgres.BrokerSchema;
import io.nvremote.core.Clock;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.HostStatus;
import io.nvremote.directory.postgres.DirectorySchema;
import io.nvremote.directory.postgres.PostgresDirectory;
import io.nvremote.store.SchemaSteps;
import io.nvremote.store.StoreError;
import io.nvremote.store.postgres.PostgresStore;
import io.nvremote.store.postgres.StoreSchema;
import io.nvremote.store.postgres.StoreSettings;
import io.nvremote.store.postgres.embedded.AppSource;
import io.nvremote.store.postgres.embedded.EmbeddedServer;
import io.nvremote.store.postgres.embedded.EmbeddedSettings;
import io.nvremote.store.postgres.embedded.OwnerSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of all providers together, in a real database that each test starts empty. */
class SchemaTest {

    private static final List<SchemaSteps> ALL =
            List.of(new BrokerSchema(), new AuthSchema(), new DirectorySchema(), new AuditSchema(), new StoreSchema());

    /** Everything that the steps make, one line each. Histories differ; what they led to must not. */
    private static final String EVERYTHING = """
            SELECT 'column ' || table_name || ' ' || ordinal_position || ' ' || column_name || ' ' || udt_name || ' '
                   || COALESCE(character_maximum_length, 0) || ' ' || is_nullable || ' ' || COALESCE(column_default, '')
              FROM information_schema.columns WHERE table_schema = 'nvremote' AND table_name NOT LIKE '%schema_history%'
            UNION ALL
            SELECT 'constraint ' || c.conrelid::regclass || ' ' || c.conname || ' ' || pg_get_constraintdef(c.oid)
              FROM pg_constraint c WHERE c.connamespace = 'nvremote'::regnamespace AND c.conrelid::regclass::text NOT LIKE '%schema_history%'
            UNION ALL
            SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'nvremote' AND tablename NOT LIKE '%schema_history%'
            UNION ALL
            SELECT 'policy ' || tablename || ' ' || policyname || ' ' || cmd || ' ' || qual FROM pg_policies WHERE schemaname = 'nvremote'
            UNION ALL
            SELECT 'relation ' || relname || ' ' || relkind::text || ' ' || relrowsecurity || ' ' || COALESCE(reloptions::text, '') || ' '
                   || COALESCE((SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(relacl) a), '')
                   || CASE WHEN relkind = 'v' THEN pg_get_viewdef(oid) ELSE '' END
              FROM pg_class WHERE relnamespace = 'nvremote'::regnamespace AND relkind IN ('r', 'v') AND relname NOT LIKE '%schema_history%'
            UNION ALL
            SELECT 'function ' || pg_get_functiondef(oid) || (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(proacl) a)
              FROM pg_proc WHERE pronamespace = 'nvremote'::regnamespace
            UNION ALL
            SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger
             WHERE tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'nvremote'::regnamespace) AND NOT tgisinternal
             ORDER BY 1""";

    private static Path folder;
    private static EmbeddedServer server;
    private static OwnerSource owner;
    private static AppSource app;
    private @Nullable PostgresStore store;

    @BeforeAll
    static void start() throws Exception {
        folder = Files.createTempDirectory("schema-test-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        server = new EmbeddedServer(new EmbeddedSettings(folder.resolve("pg"), 0, "nobody", Duration.ofSeconds(90)));
        owner = new OwnerSource(server);
        app = new AppSource(server);
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!answers()) {
            assertThat(System.nanoTime()).as("the database server starts").isLessThan(end);
            Clock.system().sleep(Duration.ofMillis(100));
        }
    }

    private static boolean answers() {
        try (Connection connection = owner.getConnection()) {
            return connection.isValid(1);
        } catch (SQLException | StreamException e) {
            return false; // still starting
        }
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @BeforeEach
    void empty() throws SQLException {
        asOwner("DROP SCHEMA IF EXISTS nvremote CASCADE");
    }

    @AfterEach
    void close() {
        if (store != null) {
            store.close();
        }
    }

    private PostgresStore store() {
        PostgresStore opened = new PostgresStore(
                new StoreSettings(4, Duration.ofSeconds(60), Duration.ofSeconds(15)), owner, app, Clock.system(), ALL);
        store = opened;
        opened.<Boolean>global(connection -> true);
        return opened;
    }

    private static void asOwner(String... statements) throws SQLException {
        try (Connection connection = owner.getConnection();
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static List<String> lines(String query) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = owner.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return lines;
    }

    /** As every database was made before each provider had steps of its own. */
    private static void before(String lastStep) throws SQLException {
        Flyway.configure(SchemaTest.class.getClassLoader())
                .dataSource(owner)
                .defaultSchema("nvremote")
                .createSchemas(true)
                .locations("classpath:schema-before")
                .target(lastStep)
                .repeatableSqlMigrationPrefix(lastStep.equals("3") ? "R" : "none")
                .placeholders(Map.of(
                        "app",
                        lines("SELECT rolname FROM pg_roles WHERE rolname LIKE '%app%'")
                                .getFirst()))
                .load()
                .migrate();
    }

    @Test
    void a_database_made_by_the_former_steps_is_taken_over_with_its_rows_and_becomes_the_same_as_a_new_one()
            throws Exception {
        store();
        List<String> fresh = lines(EVERYTHING);
        close();
        empty();

        before("3");
        UUID org = UUID.randomUUID();
        UUID user = UUID.randomUUID();
        UUID host = UUID.randomUUID();
        UUID gateway = UUID.randomUUID();
        UUID session = UUID.randomUUID();
        asOwner(
                "SET search_path = nvremote",
                "INSERT INTO users (id, email, name) VALUES ('" + user + "', 'a@example.org', 'A')",
                "INSERT INTO orgs (id, name, slug) VALUES ('" + org + "', 'Org', 'org')",
                "INSERT INTO org_members (org_id, user_id) VALUES ('" + org + "', '" + user + "')",
                "INSERT INTO hosts (org_id, id, hostname, status, registered_at) VALUES ('" + org + "', '" + host
                        + "', 'box', 'ONLINE', now())",
                "INSERT INTO gateways VALUES ('" + gateway + "', 'gw:1', 'k', 4, now())",
                "INSERT INTO sessions (org_id, id, user_id, host_id, gateway_id, pair_no, status, client_public_key,"
                        + " gateway_endpoint, gateway_public_key, created_at, deadline) VALUES ('" + org + "', '"
                        + session
                        + "', '" + user + "', '" + host + "', '" + gateway
                        + "', 0, 'PENDING', 'k', 'gw:1', 'k', now(), now())");

        PostgresStore store = store();
        assertThat(lines(EVERYTHING)).containsExactlyElementsOf(fresh);
        PostgresDirectory directory = new PostgresDirectory(store, new PostgresAudit(store));
        assertThat(directory.memberships(new UserId(user))).hasSize(1);
        assertThat(directory.hosts(new OrgId(org))).singleElement().satisfies(one -> assertThat(one.status())
                .as("its session counts")
                .isEqualTo(HostStatus.BUSY));
        assertThat(lines("SELECT type || ' ' || version FROM nvremote.schema_history_broker WHERE version = '1'"))
                .containsExactly("BASELINE 1");

        close();
        store();
        assertThat(lines(EVERYTHING)).as("a second start changes nothing").containsExactlyElementsOf(fresh);
    }

    @Test
    void a_database_of_a_development_version_is_refused_and_left_as_it_was() throws Exception {
        before("2");
        List<String> untouched = lines(EVERYTHING);
        PostgresStore refusing = new PostgresStore(
                new StoreSettings(2, Duration.ofSeconds(5), Duration.ofSeconds(5)), owner, app, Clock.system(), ALL);
        store = refusing;
        assertThatThrownBy(() -> refusing.<Boolean>global(connection -> true))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(StoreError.MIGRATION_FAILED))
                .hasMessageContaining("step 2 of 3");
        assertThat(lines(EVERYTHING)).containsExactlyElementsOf(untouched);
    }

    @Test
    void every_table_with_an_organisation_has_row_level_security_and_views_are_read_with_the_readers_rights()
            throws Exception {
        store();
        assertThat(lines("""
                        SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'nvremote'::regnamespace AND c.relkind = 'r'
                           AND NOT c.relrowsecurity AND (c.relname = 'orgs' OR EXISTS (SELECT 1 FROM pg_attribute a
                                 WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped))""")).isEmpty();
        assertThat(lines("""
                        SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'nvremote'::regnamespace AND c.relkind = 'v'
                           AND NOT COALESCE(c.reloptions, '{}') @> ARRAY['security_invoker=true']""")).isEmpty();
        assertThat(lines("""
                        SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'nvremote'::regnamespace
                           AND has_function_privilege('public', p.oid, 'EXECUTE')""")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE audit_log SET outcome = 'SUCCESS'",
                "DELETE FROM audit_log",
                "TRUNCATE audit_log",
                "DELETE FROM sessions",
                "DELETE FROM hosts",
                "DELETE FROM orgs",
                "INSERT INTO host_states (org_id) VALUES (gen_random_uuid())",
                "SELECT * FROM schema_history_directory",
                "ALTER TABLE hosts DISABLE ROW LEVEL SECURITY",
                "DROP VIEW host_load",
                "CREATE TABLE mine (x int)"
            })
    void the_application_role_may_not(String statement) {
        PostgresStore store = store();
        assertThatThrownBy(() -> store.<Boolean>within(OrgId.next(), c -> {
                    try (var one = c.prepareStatement(statement)) {
                        return one.execute();
                    }
                }))
                .isInstanceOf(StreamException.class)
                .rootCause()
                .hasMessageMatching("(?s).*(permission denied|must be owner).*");
    }

    @Test
    void even_the_owner_can_not_change_the_log_without_taking_the_guard_away() {
        store();
        for (String statement : List.of("DELETE FROM nvremote.audit_log", "TRUNCATE nvremote.audit_log")) {
            assertThatThrownBy(() -> asOwner(statement)).hasStackTraceContaining("never changed or deleted");
        }
    }
}
