// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.postgres.AuditSchema;
import io.nvremote.audit.postgres.PostgresAudit;
import io.nvremote.core.Actor;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Identity;
import io.nvremote.directory.User;
import io.nvremote.store.postgres.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people change of themselves, on a real database. */
@ExtendWith(TestDatabase.Once.class)
@TestDatabase.With({DirectorySchema.class, AuditSchema.class})
class ProfilesTest {

    private final TestDatabase database;
    private final Directory directory;
    private final String subject = UUID.randomUUID().toString();
    private final UserId anna;
    private final Actor self;

    ProfilesTest(TestDatabase database) {
        this.database = database;
        AuditTrail audit = new PostgresAudit(database.store());
        directory = new PostgresDirectory(database.store(), audit);
        anna = signIn("Anna Example").id();
        self = Actor.user(anna, null, null);
    }

    private User signIn(String name) {
        return directory.signIn(
                new Identity("https://issuer.example.org", subject, "anna@example.org", true, name, null),
                Actor.SYSTEM);
    }

    private User update(String name, Map<String, String> preferences) {
        return directory.updateUser(anna, name, preferences, now -> {}, self);
    }

    private String events() throws Exception {
        return database.valueAsOwner(
                "SELECT string_agg(context->>'fields', ',' ORDER BY seq) FROM audit_log WHERE event_type = 'USER_UPDATED'"
                        + " AND resource_id = '" + anna + "' AND actor_id = '" + anna + "'");
    }

    @Test
    void a_chosen_name_outlasts_sign_ins_and_one_that_was_not_chosen_follows_them() throws Exception {
        update("Anna Example", Map.of("theme", "dark"));
        assertThat(signIn("Anna Married").name()).as("kept, not chosen").isEqualTo("Anna Married");
        assertThat(update("  Ännchen 👩‍💻 ", Map.of()).name()).isEqualTo("Ännchen 👩‍💻");
        assertThat(signIn("Anna Married").name()).isEqualTo("Ännchen 👩‍💻");
        assertThat(directory.user(anna).orElseThrow().preferences()).isEmpty();
        assertThat(events()).as("which fields, and no more").isEqualTo("preferences,name preferences");
    }

    @Test
    void what_changes_nothing_is_not_recorded_and_what_was_not_expected_changes_nothing() throws Exception {
        update("Anna", Map.of("a", "1"));
        update("Anna", Map.of("a", "1"));
        assertThatThrownBy(() -> directory.updateUser(
                        anna,
                        "Other",
                        Map.of(),
                        now -> {
                            throw new IllegalStateException("it was " + now.name() + now.preferences());
                        },
                        self))
                .hasMessage("it was Anna{a=1}");
        assertThat(directory.user(anna).orElseThrow().name()).isEqualTo("Anna");
        assertThat(events()).isEqualTo("name preferences");
    }

    @Test
    void of_changes_at_once_that_expect_the_same_one_succeeds() throws Exception {
        String expected = directory.user(anna).orElseThrow().name();
        int changed = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> tries = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                String name = "Anna " + i;
                tries.add(() -> changedFrom(expected, name));
            }
            for (Future<Boolean> each : threads.invokeAll(tries)) {
                changed += each.get() ? 1 : 0;
            }
        }
        assertThat(changed).isEqualTo(1);
    }

    private boolean changedFrom(String expected, String name) {
        try {
            directory.updateUser(
                    anna,
                    name,
                    Map.of(),
                    now -> {
                        if (!now.name().equals(expected)) {
                            throw new IllegalStateException("changed meanwhile");
                        }
                    },
                    self);
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\u0007b", "a\u202Eb", "a\u200Db"})
    void a_name_that_is_none_is_refused(String name) {
        assertCode(DirectoryError.NAME_REFUSED, () -> update(name, Map.of()));
        assertCode(DirectoryError.NAME_REFUSED, () -> update("x".repeat(256), Map.of()));
    }

    @Test
    void preferences_are_bounded_and_visible() {
        Map<String, String> most = IntStream.range(0, 64)
                .boxed()
                .collect(Collectors.toMap(i -> String.format("%064d", i), i -> "é".repeat(256)));
        assertThat(update("Anna", most).preferences()).isEqualTo(most);
        Map<String, String> more = new java.util.HashMap<>(most);
        more.put("one", "more");
        for (Map<String, String> refused : List.of(
                more,
                Map.of("", "x"),
                Map.of("k".repeat(65), "x"),
                Map.of("a b", "x"),
                Map.of("a\n", "x"),
                Map.of("a", "x".repeat(257)),
                Map.of("a", "x\u0000"),
                Map.of("a", "x\u001b[31m"))) {
            assertCode(DirectoryError.PREFERENCES_REFUSED, () -> update("Anna", refused));
        }
        assertThat(directory.user(anna).orElseThrow().preferences()).isEqualTo(most);
    }

    @Test
    void who_is_disabled_or_gone_changes_nothing() {
        directory.disable(anna, Actor.SYSTEM);
        assertCode(DirectoryError.USER_DISABLED, () -> update("Anna", Map.of()));
        assertCode(
                DirectoryError.USER_UNKNOWN,
                () -> directory.updateUser(UserId.next(), "Anna", Map.of(), now -> {}, self));
    }

    private static void assertCode(DirectoryError code, Callable<?> call) {
        assertThatThrownBy(call::call).isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }
}
