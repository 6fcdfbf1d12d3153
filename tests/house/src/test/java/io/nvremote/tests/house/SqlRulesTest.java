// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.tests.house.Sources.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SQL names its provider's own tables or declared views; each way to break that is found out. */
class SqlRulesTest {

    private static final String NOTES = provider("notes", "requires = \"people\"", "people");

    private static String provider(String name, String more, String... required) {
        StringBuilder text = new StringBuilder(
                "@SchemaProvider(provider = \"" + name + "\"" + (more.isEmpty() ? "" : ", " + more) + ")\n");
        for (String each : required) {
            text.append("@Requirement(namespace = N, filter = \"(provider=")
                    .append(each)
                    .append(")\")\n");
        }
        return text + "class S implements SchemaSteps { List.of(\"V1__t.sql\") }";
    }

    /** People, who keep their table to themselves and show a view of it; strangers; and notes that require people. */
    private static List<String> check(String declaration, String step, String java) {
        List<Source> sources = new ArrayList<>(List.of(
                new Source("bundles/people/src/main/java/S.java", provider("people", "views = {\"persons\", \"f\"}")),
                new Source("bundles/pets/src/main/java/S.java", provider("pets", "views = \"dogs\"")),
                new Source("bundles/notes/src/main/java/S.java", declaration),
                new Source("bundles/notes/src/main/java/A.java", java)));
        return SqlRules.check(
                sources,
                List.of(
                        new Source(
                                "bundles/people/src/main/resources/V1__t.sql",
                                "CREATE TABLE people (id int); CREATE VIEW persons AS SELECT id FROM people;"
                                        + " CREATE FUNCTION f(a int) RETURNS int"),
                        new Source(
                                "bundles/pets/src/main/resources/V1__t.sql",
                                "CREATE TABLE pets (id int); CREATE VIEW dogs AS SELECT 1 FROM pets"),
                        new Source(
                                "bundles/notes/src/main/resources/V1__t.sql", "CREATE TABLE notes (id int);" + step)));
    }

    @Test
    void sql_of_the_bundles_names_its_providers_own_tables_or_declared_views() throws IOException {
        List<Source> steps = Sources.steps();
        assertThat(SqlRules.everything(Sources.main(), steps))
                .contains("users", "hosts", "sessions", "audit_log", "refresh_tokens", "host_states", "current_org");
        assertThat(SqlRules.check(Sources.main(), steps)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CREATE VIEW v AS SELECT 1 FROM people            | names people of people",
                "CREATE VIEW v AS SELECT 1 FROM notes n, people p  | names people of people",
                "CREATE VIEW v AS SELECT 1 FROM nvremote.people    | names people of people",
                "GRANT SELECT ON people TO x                       | names people of people",
                "ALTER TABLE people ADD COLUMN x int               | names people of people",
                "CREATE VIEW v AS SELECT 1 FROM dogs               | names dogs of pets",
                "ALTER TABLE notes ADD x int REFERENCES pets (id)  | names pets of pets",
                "CREATE VIEW v AS SELECT 1 FROM cats               | names cats, which no step makes",
                "CREATE OR REPLACE VIEW persons AS SELECT 1        | persons is made by people, too"
            })
    void a_step_that_names_what_it_may_not_is_found(String step, String finding) {
        assertThat(check(NOTES, step, "")).anySatisfy(one -> assertThat(one).contains(finding));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "q('SELECT id FROM people')                     | names people of people",
                "q('SELECT ' + COLUMNS + ' FROM people WHERE')   | names people of people",
                "q('SELECT id FROM ' + 'people')                 | names people of people",
                "q('select id from people')                      | names people of people",
                "q('UPDATE people SET id = 1')                   | names people of people",
                "q('DELETE FROM nvremote.people')                | names people of people",
                "q('SELECT n.id FROM notes n, people')           | names people of people",
                "q('SELECT 1 FROM dogs')                         | names dogs of pets",
                "q('INSERT INTO cats VALUES (1)')                | names cats, which no step makes"
            })
    void a_java_text_that_names_what_it_may_not_is_found(String java, String finding) {
        assertThat(check(NOTES, "", java.replace('\'', '"')))
                .anySatisfy(one -> assertThat(one).contains(finding));
        String block = java.replaceAll("'([^']*)'", "\"\"\"\n    $1\"\"\"");
        assertThat(check(NOTES, "", block)).anySatisfy(one -> assertThat(one).contains(finding));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ALTER TABLE notes ADD x int REFERENCES people (id) | q('SELECT id FROM notes')",
                "CREATE VIEW v AS SELECT f(1) FROM persons -- people | q('SELECT f(:people) FROM persons') // FROM people",
                "''                                                  | say('the people from outer space update')",
                "''                                                  | q('WITH x AS (SELECT 1) SELECT * FROM x, pg_locks')",
                "''                                                  | q('SELECT n.people FROM notes n')"
            })
    void what_is_own_declared_or_a_foreign_key_is_not(String step, String java) {
        assertThat(check(NOTES, step, java.replace('\'', '"'))).isEmpty();
    }

    @Test
    void what_a_provider_says_of_itself_is_held_against_it() {
        assertThat(check(provider("notes", "requires = \"people\""), "", ""))
                .as("no requirement for the resolver")
                .hasSize(1);
        assertThat(check(provider("notes", "views = \"nothing\""), "", ""))
                .as("no such view")
                .hasSize(1);
        assertThat(check(provider("notes", "fills = \"dogs\""), "", ""))
                .as("not required")
                .hasSize(1);
        assertThat(check(NOTES.replace("V1__t", "V1__u"), "", ""))
                .as("a file left out")
                .hasSize(1);
        assertThat(check(provider("people", ""), "", "")).as("a name twice").isNotEmpty();
        assertThat(check("class S {}", "", "")).as("steps of nobody").isNotEmpty();
        String filling = provider("notes", "requires = \"people\", fills = \"persons\"", "people");
        assertThat(check(filling, "CREATE OR REPLACE VIEW persons AS SELECT id FROM notes", ""))
                .isEmpty();
    }
}
