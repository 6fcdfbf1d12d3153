// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void an_object_is_read_as_it_was_written() {
        ObjectNode made = Json.object().put("name", "é日").put("number", 7);
        ObjectNode read = Json.read(Json.write(made), CoreError.INTERNAL);
        assertThat(read).isEqualTo(made);
        assertThat(Json.text(read, "name", CoreError.INTERNAL)).isEqualTo("é日");
        assertThat(Json.textOrNull(read, "number")).isNull();
        assertThat(Json.textOrNull(read, "missing")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "7", "null", "{\"name\":7}", "{\"name\":null}", "{}"})
    void what_is_no_object_or_lacks_a_text_is_refused_with_the_callers_code(String bad) {
        assertThatThrownBy(() -> Json.text(Json.read(bad, CoreError.INVALID_ID), "name", CoreError.INVALID_ID))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(CoreError.INVALID_ID));
    }
}
