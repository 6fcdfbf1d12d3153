// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlatJsonTest {

    @Test
    void what_is_written_is_read_back() {
        String json = new CanonicalJson()
                .text("z", "\" \\ / \b\f\n\r\t \u0001 \u007f ü 🎮")
                .number("n", 123456789012345678L)
                .text("absent", null)
                .object("o", Map.of("b", "", "a", "}"))
                .toString();
        assertThat(json).startsWith("{\"n\":123456789012345678,\"o\":{\"a\":\"}\",\"b\":\"\"},\"z\":");
        Map<String, Object> read = FlatJson.read(json, CoreError.INTERNAL);
        assertThat(CanonicalJson.of(read)).hasToString(json);
        assertThat(read).containsKeys("n", "o", "z").hasSize(3);
        assertThat(FlatJson.texts(" { \"a\" : \"\\u00fc\\/\" } ", CoreError.INTERNAL))
                .isEqualTo(Map.of("a", "ü/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "}",
                "[]",
                "7",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":-1}",
                "{\"a\":1e3}",
                "{\"a\":null}",
                "{\"a\":true}",
                "{\"a\":[1]}",
                "{\"a\":\"x}",
                "{\"a\":\"\\",
                "{\"a\":\"\\u12",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":{\"b\":1}}",
                "{\"a\":{\"b\":{}}}",
                "{\"a\":1,}",
                "{,}",
                "{\"a\":1}{",
                "{\"a\":1234567890123456789}",
                "{a:1}"
            })
    void anything_else_is_refused_with_the_callers_code(String bad) {
        assertThatThrownBy(() -> FlatJson.read(bad, CoreError.INVALID_ID))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(CoreError.INVALID_ID));
    }
}
