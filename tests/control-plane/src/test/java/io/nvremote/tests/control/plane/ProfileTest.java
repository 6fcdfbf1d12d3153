// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.tests.control.plane.RunningControlPlane.Answer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code PUT /users/me} on the real control plane. */
class ProfileTest {

    private static RunningControlPlane plane;
    private static String ada;
    private static String ben;

    @BeforeAll
    static void start() throws Exception {
        plane = new RunningControlPlane("ada", "ben");
        ada = "Bearer " + plane.signIn("ada").access();
        ben = "Bearer " + plane.signIn("ben").access();
    }

    @AfterAll
    static void stop() throws Exception {
        if (plane != null) {
            plane.close();
        }
    }

    private static String tag(String who) throws Exception {
        return plane.call("GET", "/users/me", who, null)
                .raw()
                .headers()
                .firstValue("ETag")
                .orElseThrow();
    }

    private static Answer put(String who, String body, String... headers) throws Exception {
        return plane.call("PUT", "/users/me", who, body, headers);
    }

    private static String code(Answer answer) {
        return answer.status() + " " + answer.code();
    }

    private static String profile(String name, String preferences) {
        return "{\"name\":" + name + ",\"preferences\":" + preferences + "}";
    }

    @Test
    void a_person_is_called_as_it_chose_also_after_it_signs_in_again() throws Exception {
        String seen = tag(ada);
        String body = profile("\"Ada 👩‍💻\"", "{\"theme\":\"dark\",\"a.b\":\"\"}");
        assertThat(code(put(ada, body))).isEqualTo("428 PRECONDITION_REQUIRED");
        assertThat(code(put(ada, body, "If-Match", "\"other\""))).isEqualTo("412 PRECONDITION_FAILED");
        Answer changed = put(ada, body, "If-Match", seen);
        assertThat(changed.status()).as(changed.body().toString()).isEqualTo(200);
        assertThat(code(put(ada, profile("\"Eve\"", "{}"), "If-Match", seen)))
                .as("it has changed since")
                .isEqualTo("412 PRECONDITION_FAILED");
        plane.signIn("ada");
        JsonNode me = plane.call("GET", "/users/me", ada, null).body();
        assertThat(me).isEqualTo(changed.body());
        assertThat(me.at("/user/name").asText()).isEqualTo("Ada 👩‍💻");
        assertThat(me.at("/preferences").toString()).isEqualTo("{\"a.b\":\"\",\"theme\":\"dark\"}");
        assertThat(me.at("/user").has("preferences")).as("nobody else's").isFalse();
        assertThat(plane.number("SELECT count(*) FROM nvremote.audit_log WHERE event_type = 'USER_UPDATED'"
                        + " AND actor_type = 'USER' AND resource_id = '"
                        + me.at("/user/id").asText() + "'"))
                .isEqualTo(1);
    }

    /** What is sent, and what is answered: the code, and the field that the message names. */
    private static Map<String, String> refused() {
        Map<String, String> inputs = new LinkedHashMap<>();
        inputs.put("", "400 BODY_MALFORMED body");
        inputs.put("null", "400 BODY_MALFORMED body");
        inputs.put("[]", "400 BODY_MALFORMED body");
        inputs.put("{}", "400 FIELD_INVALID name");
        inputs.put("{\"name\":\"a\"}", "400 FIELD_INVALID preferences");
        inputs.put("{\"preferences\":{}}", "400 FIELD_INVALID name");
        inputs.put(profile("\"a\"", "null"), "400 FIELD_INVALID preferences");
        inputs.put(profile("null", "{}"), "400 FIELD_INVALID name");
        inputs.put(profile("\"\"", "{}"), "400 FIELD_INVALID name");
        inputs.put(profile("\" \\t \"", "{}"), "400 FIELD_INVALID name");
        inputs.put(profile("\"" + "x".repeat(256) + "\"", "{}"), "400 FIELD_INVALID name");
        inputs.put(profile("\"a\\u0007b\"", "{}"), "400 NAME_REFUSED name");
        inputs.put(profile("\"a\\nb\"", "{}"), "400 NAME_REFUSED name");
        inputs.put(profile("\"a\\u202eb\"", "{}"), "400 NAME_REFUSED name");
        inputs.put(profile("\"a\\u200db\"", "{}"), "400 NAME_REFUSED name");
        inputs.put(profile("\"a\\u0000b\"", "{}"), "400 BODY_MALFORMED name");
        inputs.put(profile("\"a\\ud800\"", "{}"), "400 BODY_MALFORMED name");
        inputs.put(profile("7", "{}"), "400 BODY_MALFORMED name");
        inputs.put(profile("[\"a\"]", "{}"), "400 BODY_MALFORMED name");
        inputs.put(profile("\"a\"", "[]"), "400 BODY_MALFORMED preferences");
        inputs.put(profile("\"a\"", "\"x\""), "400 BODY_MALFORMED preferences");
        inputs.put(profile("\"a\"", "{\"k\":1}"), "400 BODY_MALFORMED k");
        inputs.put(profile("\"a\"", "{\"k\":{\"n\":\"x\"}}"), "400 BODY_MALFORMED k");
        inputs.put(profile("\"a\"", "{\"k\":null}"), "400 FIELD_INVALID preferences");
        inputs.put(profile("\"a\"", "{\"a b\":\"x\"}"), "400 PREFERENCES_REFUSED preferences");
        inputs.put(profile("\"a\"", "{\"\":\"x\"}"), "400 PREFERENCES_REFUSED preferences");
        inputs.put(profile("\"a\"", "{\"k\":\"\\u001b[31m\"}"), "400 PREFERENCES_REFUSED preferences");
        inputs.put(profile("\"a\"", "{\"k\":\"" + "x".repeat(257) + "\"}"), "400 PREFERENCES_REFUSED preferences");
        inputs.put(profile("\"a\"", many(65)), "400 PREFERENCES_REFUSED preferences");
        inputs.put(profile("\"a\"", "{\"k\":\"x\",\"k\":\"y\"}"), "400 BODY_MALFORMED body");
        for (String foreign : new String[] {"email", "role", "id", "avatar_url", "memberships", "disabled"}) {
            inputs.put(
                    "{\"name\":\"a\",\"preferences\":{},\"" + foreign + "\":\"x\"}", "400 BODY_MALFORMED " + foreign);
        }
        inputs.put(profile("\"a\"", "{\"k\":\"" + "x".repeat(300_000) + "\"}"), "413 BODY_TOO_LARGE body");
        return inputs;
    }

    private static String many(int entries) {
        return IntStream.range(0, entries)
                .mapToObj(i -> "\"k" + i + "\":\"v\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    @Test
    void bad_input_is_refused_by_the_field_that_is_wrong_and_changes_nothing() throws Exception {
        String before = tag(ben);
        for (Map.Entry<String, String> each : refused().entrySet()) {
            String sent = each.getKey().substring(0, Math.min(80, each.getKey().length()));
            Answer answer = put(ben, each.getKey(), "If-Match", "*");
            String wanted = each.getValue();
            String field = wanted.substring(wanted.lastIndexOf(' ') + 1);
            assertThat(code(answer) + " " + field).as(sent).isEqualTo(wanted);
            assertThat(answer.body().at("/error/message").asText()).as(sent).containsPattern("\\b" + field + "\\b");
        }
        assertThat(tag(ben)).isEqualTo(before);
        assertThat(put(ben, profile("\"a\"", many(64)), "If-Match", "*").status())
                .isEqualTo(200);
    }
}
