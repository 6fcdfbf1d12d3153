// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.rest.RestError;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    record Named(String name, String slug) {}

    record Facts(java.util.Map<String, String> facts) {}

    record CodeExchange(Secret code, Secret codeVerifier, String redirectUri) {}

    @ParameterizedTest
    @ValueSource(strings = {"7", "1.5", "true", "[\"a\"]", "{}"})
    void only_a_text_is_a_text(String value) {
        for (String body : new String[] {"{\"name\":" + value + "}", "{\"slug\":\"a\",\"name\":" + value + "}"}) {
            assertThatThrownBy(() -> read(body)).hasMessageContaining("field name has the wrong type");
        }
        assertThatThrownBy(() -> Json.read(
                        new ByteArrayInputStream(
                                ("{\"facts\":{\"k\":" + value + "}}").getBytes(StandardCharsets.UTF_8)),
                        Facts.class))
                .hasMessageContaining("field k has the wrong type");
    }

    private static Object read(String text) throws Exception {
        return Json.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), Named.class);
    }

    private static void refused(String text, ErrorCode code, String says) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(says);
    }

    @Test
    void a_body_is_read_in_snake_case() throws Exception {
        assertThat(Json.read(
                        new ByteArrayInputStream("{\"code_verifier\":\"v\"}".getBytes(StandardCharsets.UTF_8)),
                        CodeExchange.class))
                .isEqualTo(new CodeExchange(null, new Secret("v"), null));
    }

    private static CodeExchange exchange(String text) {
        return (CodeExchange)
                Json.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), CodeExchange.class);
    }

    @Test
    void a_secret_is_a_text_on_the_wire_and_nowhere_else() {
        String text = "{\"code\":\"c2VjcmV0\",\"code_verifier\":\"v-c2VjcmV0\"}";
        CodeExchange read = exchange(text);
        assertThat(read.code().reveal()).isEqualTo("c2VjcmV0");
        assertThat(read.toString()).doesNotContain("c2VjcmV0");
        assertThat(new String(Json.bytes(read), StandardCharsets.UTF_8)).isEqualTo(text);
        for (String bad : java.util.List.of("{}", "[\"c2VjcmV0\"]", "\"c2VjcmV0\\u0000\"", "\"\\ud800\"")) {
            assertThatThrownBy(() -> exchange("{\"code\":" + bad + "}"))
                    .as(bad)
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(RestError.BODY_MALFORMED))
                    .hasMessageContaining("field code")
                    .hasMessageNotContaining("c2VjcmV0");
        }
    }

    @Test
    void unknown_fields_are_refused_by_name() {
        refused("{\"name\":\"a\",\"role\":\"admin\"}", RestError.BODY_MALFORMED, "unknown field role");
    }

    @Test
    void broken_json_is_refused_with_its_place_and_without_its_text() {
        refused("{\"name\":secret", RestError.BODY_MALFORMED, "line 1");
        assertThatThrownBy(() -> read("{\"name\":secret")).hasMessageNotContaining("secret");
    }

    @Test
    void duplicate_fields_trailing_text_and_wrong_types_are_refused() {
        refused("{\"name\":\"a\",\"name\":\"b\"}", RestError.BODY_MALFORMED, "not well-formed");
        refused("{\"name\":\"a\"} {}", RestError.BODY_MALFORMED, "");
        refused("{\"name\":{}}", RestError.BODY_MALFORMED, "name");
        refused("null", RestError.BODY_MALFORMED, "object");
    }

    @Test
    void a_text_that_nothing_can_keep_is_refused_with_its_field() {
        for (String text : java.util.List.of("\\u0000", "a\\u0000b", "\\ud800", "\\udc00\\ud800")) {
            refused("{\"name\":\"" + text + "\"}", RestError.BODY_MALFORMED, "field name has NUL");
            assertThatThrownBy(() -> Json.read(
                            new ByteArrayInputStream(
                                    ("{\"facts\":{\"" + text + "\":\"v\"}}").getBytes(StandardCharsets.UTF_8)),
                            Facts.class))
                    .isInstanceOf(StreamException.class);
            assertThatThrownBy(() -> Json.read(
                            new ByteArrayInputStream(
                                    ("{\"facts\":{\"k\":\"" + text + "\"}}").getBytes(StandardCharsets.UTF_8)),
                            Facts.class))
                    .isInstanceOf(StreamException.class);
        }
        assertThat(Json.read(
                        new ByteArrayInputStream("{\"name\":\"\\ud83d\\ude42\"}".getBytes(StandardCharsets.UTF_8)),
                        Named.class))
                .isEqualTo(new Named("\ud83d\ude42", null));
    }

    @Test
    void a_body_whose_sender_is_gone_is_its_senders_fault() {
        InputStream cut = new FilterInputStream(InputStream.nullInputStream()) {
            @Override
            public byte[] readNBytes(int length) throws IOException {
                throw new IOException("gone");
            }
        };
        assertThatThrownBy(() -> Json.read(cut, Named.class))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(RestError.BODY_CUT_OFF));
    }

    @Test
    void a_body_over_256_kib_is_refused_as_too_large() {
        refused("{\"name\":\"" + "x".repeat(Json.MAX_BODY) + "\"}", RestError.BODY_TOO_LARGE, "larger");
    }
}
