// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.store.SchemaSteps;
import io.nvremote.store.StoreError;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Providers' steps in a real database; every test has providers and tables of its own. */
@ExtendWith(TestDatabase.Once.class)
@TestDatabase.With(FixtureSchema.class)
class SchemaTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(700);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final TestDatabase database;
    private final String a = "a" + NUMBER.incrementAndGet();
    private final String b = "b" + NUMBER.get();
    private final List<Schema> open = new ArrayList<>();

    SchemaTest(TestDatabase database) {
        this.database = database;
    }

    @AfterEach
    void close() {
        open.forEach(Schema::close);
    }

    private record Text(Map<String, String> texts) implements SchemaSteps {
        @Override
        public List<String> files() {
            return List.copyOf(texts.keySet());
        }

        @Override
        public @Nullable InputStream open(String file) {
            String text = texts.get(file);
            return text == null ? null : new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static ProviderSteps provider(String name, Set<String> requires, Map<String, String> steps) {
        return new ProviderSteps(name, requires, new Text(steps));
    }

    private ProviderSteps tableA() {
        return provider(a, Set.of(), Map.of("V1__t.sql", "CREATE TABLE " + a + " (id int PRIMARY KEY)"));
    }

    private ProviderSteps tableB() {
        return provider(b, Set.of(a), Map.of("V1__t.sql", "CREATE TABLE " + b + " (id int REFERENCES " + a + " (id))"));
    }

    private Schema schema(Map<String, String> announced, ProviderSteps... steps) {
        Schema schema = new Schema(() -> announced, database.owner(), database.app(), Clock.system());
        open.add(schema);
        for (ProviderSteps each : steps) {
            schema.add(each);
        }
        schema.start();
        return schema;
    }

    private boolean there(String table) {
        return !database.valueAsOwner("SELECT to_regclass('nvremote." + table + "')")
                .equals("null");
    }

    private String steps(String provider) {
        return database.valueAsOwner("SELECT string_agg(script, ' ' ORDER BY installed_rank) FROM schema_history_"
                + provider + " WHERE type = 'SQL'");
    }

    /** Why calls are refused, once it is more than that the first try is under way. */
    private static StreamException refusal(Schema schema) {
        long end = System.nanoTime() + LONG.toNanos();
        while (true) {
            StreamException refused = catchThrowableOfType(StreamException.class, () -> schema.await(SHORT));
            if (refused.code() != StoreError.UNAVAILABLE || System.nanoTime() - end > 0) {
                return refused;
            }
        }
    }

    @Test
    void whoever_is_required_has_its_tables_first() {
        schema(Map.of(), tableB(), tableA()).await(LONG);
        assertThat(there(b)).isTrue();
        assertThat(steps(a)).isEqualTo("V1__t.sql");
    }

    @Test
    void nothing_is_run_before_all_that_were_announced_are_there_and_who_is_missing_is_said() {
        Schema schema = schema(Map.of(a, "bundle.of.a", b, "bundle.of.b"), tableA());
        assertThatThrownBy(() -> schema.await(SHORT))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(StoreError.UNAVAILABLE))
                .hasMessageContaining("bundle.of.b")
                .hasMessageNotContaining("bundle.of.a");
        assertThat(schema.current()).isFalse();
        assertThat(schema.waitingFor()).contains("the store waits for the tables of these bundles: [bundle.of.b]");
        assertThat(there(a)).isFalse();
        schema.add(tableB());
        schema.await(LONG);
        assertThat(schema.waitingFor()).isEmpty();
        assertThat(there(b)).isTrue();
    }

    @Test
    void one_that_is_announced_no_more_is_not_waited_for() {
        Map<String, String> announced = new ConcurrentHashMap<>(Map.of(a, "bundle.of.a", b, "bundle.of.b"));
        Schema schema = schema(announced, tableA());
        announced.remove(b);
        schema.await(LONG);
        assertThat(there(a)).isTrue();
    }

    @Test
    void a_requirement_that_nobody_meets_is_said_and_met_later() {
        Schema schema = schema(Map.of(), tableB());
        assertThat(refusal(schema))
                .satisfies(e -> assertThat(e.code()).isEqualTo(StoreError.SCHEMA_INCOMPLETE))
                .hasMessageContaining("the tables of " + b + " require those of " + a);
        schema.add(tableA());
        schema.await(LONG);
        assertThat(there(b)).isTrue();
    }

    @Test
    void a_provider_that_comes_later_has_its_tables_when_the_next_call_is_let_through() {
        Schema schema = schema(Map.of(), tableA());
        schema.await(LONG);
        schema.add(tableB());
        schema.await(LONG);
        assertThat(there(b)).isTrue();
    }

    @Test
    void a_later_one_that_fails_costs_itself_and_who_requires_it_only() {
        Schema schema = schema(Map.of(), tableA());
        schema.await(LONG);
        ProviderSteps broken = provider(b, Set.of(a), Map.of("V1__t.sql", "CREATE TABLE " + b + " (id nonsense)"));
        ProviderSteps onTop = provider("c" + b, Set.of(b), Map.of("V1__t.sql", "CREATE TABLE c" + b + " (id int)"));
        ProviderSteps beside = provider("d" + b, Set.of(a), Map.of("V1__t.sql", "CREATE TABLE d" + b + " (id int)"));
        schema.add(broken);
        schema.add(onTop);
        schema.add(beside);
        schema.await(LONG);
        assertThat(schema.current()).isTrue();
        assertThat(there("d" + b)).as("who has nothing to do with it").isTrue();
        assertThat(there("c" + b)).as("who requires it").isFalse();

        schema.remove(broken);
        schema.add(tableB());
        schema.await(LONG);
        assertThat(there(b)).isTrue();
        assertThat(there("c" + b)).isTrue();
    }

    @Test
    void one_that_fails_at_first_keeps_the_store_from_being_current_and_is_named() {
        Schema schema = schema(Map.of(), tableA(), provider(b, Set.of(), Map.of("V1__t.sql", "nonsense")));
        assertThat(refusal(schema)).hasMessageContaining("the tables of " + b + " could not be made");
        assertThat(schema.current()).isFalse();
    }

    @Test
    void an_updated_provider_has_its_new_steps_run_and_not_its_old_ones() {
        ProviderSteps first = tableA();
        Schema schema = schema(Map.of(), first);
        schema.await(LONG);
        Map<String, String> more = new TreeMap<>(((Text) first.steps()).texts());
        more.put("V2__more.sql", "ALTER TABLE " + a + " ADD COLUMN name text");
        schema.remove(first);
        schema.add(provider(a, Set.of(), more));
        schema.await(LONG);
        assertThat(steps(a)).isEqualTo("V1__t.sql V2__more.sql");
    }

    @Test
    void processes_that_start_at_once_on_one_database_run_each_step_once() {
        List<Schema> many = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            many.add(schema(Map.of(), tableA(), tableB()));
        }
        many.forEach(each -> each.await(LONG));
        assertThat(steps(a)).isEqualTo("V1__t.sql");
        assertThat(steps(b)).isEqualTo("V1__t.sql");
    }

    @Test
    void what_a_step_makes_is_closed_until_its_grants_say_otherwise() {
        schema(
                        Map.of(),
                        provider(
                                a,
                                Set.of(),
                                Map.of(
                                        "V1__t.sql",
                                        "CREATE TABLE " + a + " (id int); CREATE FUNCTION f" + a
                                                + "() RETURNS int LANGUAGE sql AS 'SELECT 1'")))
                .await(LONG);
        for (String statement : List.of("SELECT count(*) FROM " + a, "SELECT f" + a + "()")) {
            assertThatThrownBy(() -> database.store().global(c -> {
                        try (var query = c.prepareStatement(statement)) {
                            return query.execute();
                        }
                    }))
                    .rootCause()
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void a_step_waits_for_locks_of_others_for_a_bounded_time() {
        schema(
                        Map.of(),
                        provider(
                                a,
                                Set.of(),
                                Map.of(
                                        "V1__t.sql",
                                        "CREATE TABLE " + a + " AS SELECT current_setting('lock_timeout') AS t")))
                .await(LONG);
        assertThat(database.valueAsOwner("SELECT t FROM " + a)).isEqualTo("10s");
    }
}
