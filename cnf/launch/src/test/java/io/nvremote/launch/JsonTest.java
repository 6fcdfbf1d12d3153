// SPDX-License-Identifier: Apache-2.0
package io.nvremote.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

    @Test
    void everything_that_a_configuration_may_hold_is_read() {
        Map<String, Object> read = Json.object("""
                // first
                { "a": 1, /* in
                between */ "b": [true, null, "x\\u00e9\\n\\"", -1.5e2], "c": {}, "d": [] }
                """, "x.json");
        assertThat(read)
                .containsEntry("a", new BigDecimal(1))
                .containsEntry("b", Arrays.asList(true, null, "xé\n\"", new BigDecimal("-1.5e2")))
                .containsEntry("c", Map.of())
                .containsEntry("d", List.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1]             | x.json: a configuration file is a JSON object",
                "{\"a\":1        | x.json, line 1, column 7: the end comes too early",
                "{\"a\" 1}       | line 1, column 6: \":\" is expected",
                "{\"a\":1,}      | a name in quotes is expected",
                "{a:1}           | a name in quotes is expected",
                "{\"a\":1} x     | nothing may stand behind the last }",
                "{\"a\":1,\"a\":2} | \"a\" is there twice",
                "{\"a\":01}      | a value is expected",
                "{\"a\":truth}   | a value is expected",
                "{\"a\":[1 2]}   | \",\" or \"]\" is expected",
                "{\"a\":\"\\q\"} | \\q means nothing in a text",
                "{\"a\":\"\\u12\"} | \\u means nothing in a text",
                "{\"a\":\"b      | a text has no end",
                "{ /* \"a\":1}   | a comment has no end",
            })
    void what_is_wrong_is_said_with_its_place(String text, String words) {
        assertThatThrownBy(() -> Json.object(text, "x.json"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(words);
    }

    @Test
    void what_has_no_end_of_depth_is_refused() {
        assertThatThrownBy(() -> Json.object("{\"a\":" + "[".repeat(100_000), "x.json"))
                .hasMessageContaining("nested that deep");
    }

    @Test
    void what_is_written_is_read_again() {
        String text = "{\"a\": [1, \"\\u0001 \\\\ \\t é\", {\"b\": null}], \"c\": {\"d\": false}}";
        Map<String, Object> read = Json.object(text, "x.json");
        assertThat(Json.object(Json.write(read), "written")).isEqualTo(read);
    }
}
