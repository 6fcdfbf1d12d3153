// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WellFormedTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "%z",
                "%zz",
                "a%4",
                "%-1",
                "%+1",
                "x=%00",
                "%ff",
                "%c3%28",
                "%ed%a0%80",
                "a b",
                "\u0000",
                "é"
            })
    void what_does_not_decode_is_found(String address) {
        assertThat(WellFormed.readable(address)).isFalse();
    }

    @Test
    void whatever_was_encoded_properly_passes() {
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = 0; j < 12; j++) {
                int point = 1 + random.nextInt(Character.MAX_CODE_POINT);
                text.appendCodePoint(point >= 0xd800 && point <= 0xdfff ? 'a' : point);
            }
            assertThat(WellFormed.readable(URLEncoder.encode(text.toString(), StandardCharsets.UTF_8)))
                    .isTrue();
        }
        assertThat(WellFormed.readable("/api/v1/hosts?x=1&y=+;,:@!$'()*~-._")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/json; charset=utf-8",
                "application/json;charset=\"UTF-8\"",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=\"a b\"",
                "*/*",
                "text/html;q=0.8;level=1"
            })
    void media_types_pass(String type) {
        assertThat(WellFormed.mediaType(type)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "evil",
                "application/",
                "/json",
                "application/json;charset=\"evil",
                "application/json;charset=latin1",
                "application/json;charset=\"evil\u009b31m\"",
                "application/json;charset",
                "application/json;=x",
                "application/json, text/html",
                "a b/c"
            })
    void what_is_no_media_type_in_utf_8_is_found(String type) {
        assertThat(WellFormed.mediaType(type)).isFalse();
    }
}
