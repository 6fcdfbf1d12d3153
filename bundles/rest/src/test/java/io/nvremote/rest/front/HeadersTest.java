// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {

    private static final String TAG = EntityTags.of("{}".getBytes(StandardCharsets.UTF_8));

    @Test
    void the_same_bytes_have_the_same_tag_and_others_another() {
        assertThat(TAG)
                .matches("\"[A-Za-z0-9_-]{22}\"")
                .isEqualTo(EntityTags.of("{}".getBytes(StandardCharsets.UTF_8)));
        assertThat(EntityTags.of("{ }".getBytes(StandardCharsets.UTF_8))).isNotEqualTo(TAG);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "TAG;true",
                "\"a\", W/TAG;true",
                "\"a\" , TAG , \"b\";true",
                "*;true",
                "\"a\";false",
                "xTAG;false",
                ";false"
            })
    void a_kept_answer_is_found_in_the_list(String list, boolean found) {
        assertThat(EntityTags.matches(list == null ? null : list.replace("TAG", TAG), TAG))
                .isEqualTo(found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"12345678", "4bf92f3577b34da6a3ce929d0e0e4736", "a-b_c.d-0123"})
    void a_harmless_name_of_the_callers_stays(String id) {
        assertThat(RequestIds.id(id)).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1234567",
                "a b c d e f",
                "x\" code=\"Y",
                "line\nbreak-long",
                "\u202e2345678",
                "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667"
            })
    void any_other_name_is_replaced(String id) {
        assertThat(RequestIds.id(id)).isNotEqualTo(id).matches("[0-9a-f-]{36}");
        assertThat(RequestIds.id("x".repeat(65))).hasSize(36);
        assertThat(RequestIds.id(null)).hasSize(36);
    }
}
