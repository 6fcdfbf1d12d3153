// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.tests.control.plane.RunningControlPlane.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code GET /orgs/{org}/audit-logs} on the real control plane. */
class AuditLogTest {

    private static RunningControlPlane plane;
    private static String admin;
    private static String stranger;
    private static String org;
    private static String adminId;

    @BeforeAll
    static void start() throws Exception {
        plane = new RunningControlPlane("admin", "stranger");
        admin = "Bearer " + plane.signIn("admin").access();
        stranger = "Bearer " + plane.signIn("stranger").access();
        adminId = plane.call("GET", "/users/me", admin, null)
                .body()
                .at("/user/id")
                .asText();
        org = org(admin, "audited");
        for (int i = 0; i < 5; i++) {
            plane.call(
                    "POST",
                    "/orgs/" + org + "/members",
                    admin,
                    "{\"email\":\"m" + i + "@example.org\",\"role\":\"guest\"}");
        }
        plane.call("PUT", "/orgs/" + org, admin, "{\"name\":\"Ü \\\"\\\\ 🎮\",\"slug\":\"audited\"}", "If-Match", "*");
    }

    @AfterAll
    static void stop() throws Exception {
        if (plane != null) {
            plane.close();
        }
    }

    private static String org(String who, String slug) throws Exception {
        return plane.call("POST", "/orgs", who, "{\"name\":\"a\",\"slug\":\"" + slug + "\"}")
                .body()
                .get("id")
                .asText();
    }

    private static String day() {
        Instant now = Instant.now();
        return "from=" + now.minus(1, ChronoUnit.DAYS) + "&to=" + now.plus(1, ChronoUnit.DAYS);
    }

    private static Answer ask(String who, String where, String query) throws Exception {
        return plane.call("GET", "/orgs/" + where + "/audit-logs?" + query, who, null);
    }

    private static List<String> types(String query) throws Exception {
        Answer answer = ask(admin, org, day() + query);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body().get("items").findValuesAsText("event_type");
    }

    /** RFC 8785 by another hand than the log's own: sorted names, no blanks. These texts need no more of it. */
    private static String canonical(JsonNode node) throws Exception {
        if (!node.isObject()) {
            return RunningControlPlane.JSON.writeValueAsString(node);
        }
        Map<String, String> members = new TreeMap<>();
        for (Map.Entry<String, JsonNode> each : node.properties()) {
            members.put(RunningControlPlane.JSON.writeValueAsString(each.getKey()), canonical(each.getValue()));
        }
        return "{"
                + String.join(
                        ",",
                        members.entrySet().stream()
                                .map(each -> each.getKey() + ":" + each.getValue())
                                .toList())
                + "}";
    }

    @Test
    void whoever_reads_it_can_verify_the_chain() throws Exception {
        JsonNode items = ask(admin, org, day()).body().get("items");
        assertThat(items.size()).isGreaterThanOrEqualTo(7);
        String previous = "0".repeat(64);
        long sequence = 0;
        for (JsonNode item : items) {
            assertThat(item.get("seq").asLong()).isEqualTo(++sequence);
            assertThat(item.get("prev_hash").asText()).isEqualTo(previous);
            ObjectNode rest = item.deepCopy();
            rest.remove(List.of("prev_hash", "hash"));
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(HexFormat.of().parseHex(previous));
            previous = HexFormat.of().formatHex(digest.digest(canonical(rest).getBytes(StandardCharsets.UTF_8)));
            assertThat(item.get("hash").asText()).as(item.toString()).isEqualTo(previous);
        }
        assertThat(items.findValuesAsText("event_type")).contains("ORG_CREATED", "MEMBER_INVITED", "ORG_UPDATED");
    }

    @Test
    void filters_choose_among_the_records() throws Exception {
        assertThat(types("&event_type=MEMBER_INVITED")).hasSize(5).containsOnly("MEMBER_INVITED");
        assertThat(types("&event_type=MEMBER_INVITED&outcome=FAILURE")).isEmpty();
        assertThat(types("&actor_id=" + adminId + "&outcome=SUCCESS"))
                .contains("ORG_CREATED", "MEMBER_INVITED", "ORG_UPDATED");
        assertThat(types("&actor_id=" + UUID.randomUUID())).isEmpty();
        assertThat(types("&resource_type=org&resource_id=" + org)).containsExactly("ORG_CREATED", "ORG_UPDATED");
        assertThat(types("&session_id=" + UUID.randomUUID())).isEmpty();
        Instant then = Instant.now().minus(400, ChronoUnit.DAYS);
        assertThat(ask(admin, org, "from=" + then + "&to=" + then.plus(92, ChronoUnit.DAYS))
                        .body()
                        .get("items"))
                .isEmpty();
    }

    @Test
    void pages_follow_each_other_along_the_links_and_a_cursor_is_good_for_its_question_alone() throws Exception {
        String question = day() + "&event_type=MEMBER_INVITED";
        List<Long> read = new ArrayList<>();
        String cursor = null;
        String next = "/orgs/" + org + "/audit-logs?" + question + "&limit=2";
        while (next != null) {
            Answer page = plane.call("GET", next, admin, null);
            assertThat(page.status()).as(page.body().toString()).isEqualTo(200);
            page.body().get("items").forEach(item -> read.add(item.get("seq").asLong()));
            cursor = page.body().has("next") ? page.body().get("next").asText() : cursor;
            next = page.raw()
                    .headers()
                    .firstValue("Link")
                    .map(link -> link.replaceAll("</api/v1(.*)>; rel=\"next\"", "$1"))
                    .orElse(null);
        }
        assertThat(read).hasSize(5).doesNotHaveDuplicates().isSorted();

        assertThat(ask(admin, org, question + "&cursor=" + cursor).status()).isEqualTo(200);
        String foreign = org(stranger, "foreign");
        char other = cursor.charAt(3) == 'A' ? 'B' : 'A';
        List<Answer> refused = List.of(
                ask(admin, org, day() + "&cursor=" + cursor),
                ask(admin, org, question.replace("INVITED", "REMOVED") + "&cursor=" + cursor),
                ask(admin, org, question + "&cursor=" + cursor.substring(0, 3) + other + cursor.substring(4)),
                ask(admin, org, question + "&cursor=" + cursor.substring(1)),
                ask(admin, org, question + "&cursor=7"),
                ask(admin, org, question + "&cursor=%F0%9F%8E%AE"),
                ask(stranger, foreign, question + "&cursor=" + cursor));
        assertThat(refused).allSatisfy(answer -> {
            assertThat(answer.status() + " " + answer.code()).isEqualTo("400 FIELD_INVALID");
            assertThat(answer.body().at("/error/message").asText()).startsWith("cursor");
        });
    }

    /** What is asked, and what is answered: the code and how the message begins. */
    private static Map<String, String> wrong() {
        Map<String, String> questions = new LinkedHashMap<>();
        String from = "from=2026-01-01T00:00:00Z";
        String to = "to=2026-02-01T00:00:00Z";
        String range = from + "&" + to;
        questions.put("", "FIELD_INVALID from");
        questions.put(from, "FIELD_INVALID to");
        questions.put(to, "FIELD_INVALID from");
        questions.put("from=2026-01-01&" + to, "FIELD_INVALID from");
        questions.put("from=1767225600&" + to, "FIELD_INVALID from");
        questions.put(from + "&to=now", "FIELD_INVALID to");
        questions.put(from + "&to=2026-01-01T00:00:00Z", "RANGE_REFUSED from");
        questions.put("from=2026-03-01T00:00:00Z&" + to, "RANGE_REFUSED from");
        questions.put(from + "&to=2026-04-03T00:00:01Z", "FIELD_INVALID to");
        questions.put("from=1969-12-31T23:59:59Z&to=1970-01-02T00:00:00Z", "RANGE_REFUSED from");
        questions.put("from=%2B999999999-01-01T00:00:00Z&to=%2B999999999-01-02T00:00:00Z", "RANGE_REFUSED from");
        questions.put("from=-999999999-01-01T00:00:00Z&" + to, "FIELD_INVALID to");
        questions.put(range + "&event_type=SESSION_CRAETED", "FIELD_INVALID event_type");
        questions.put(range + "&event_type=", "FIELD_INVALID event_type");
        questions.put(range + "&event_type=session_created", "FIELD_INVALID event_type");
        questions.put(range + "&outcome=success", "FIELD_INVALID outcome");
        questions.put(range + "&actor_id=me", "INVALID_ID actor_id");
        questions.put(range + "&session_id=1", "INVALID_ID session_id");
        questions.put(range + "&resource_type=host", "FIELD_INVALID resource_id");
        questions.put(range + "&resource_id=x", "FIELD_INVALID resource_type");
        questions.put(range + "&resource_type=" + "x".repeat(33) + "&resource_id=x", "FIELD_INVALID resource_type");
        questions.put(range + "&limit=0", "FIELD_INVALID limit");
        questions.put(range + "&limit=101", "FIELD_INVALID limit");
        questions.put(
                range + "&event_type=" + URLEncoder.encode("'; DROP TABLE users; --", StandardCharsets.UTF_8),
                "FIELD_INVALID event_type");
        return questions;
    }

    @Test
    void a_question_that_is_none_is_refused_by_the_parameter_that_is_wrong() throws Exception {
        for (Map.Entry<String, String> each : wrong().entrySet()) {
            Answer answer = ask(admin, org, each.getKey());
            String message = answer.body().at("/error/message").asText();
            assertThat(answer.status() + " " + answer.code() + " " + message)
                    .as(each.getKey())
                    .startsWith("400 " + each.getValue() + " ");
        }
        assertThat(ask(admin, org, "from=2026-01-01T00:00:00Z&to=2026-04-03T00:00:00Z")
                        .status())
                .as("92 days")
                .isEqualTo(200);
    }

    @Test
    void another_organisation_s_log_is_there_for_nobody_and_neither_is_the_system_s() throws Exception {
        JsonNode unknown =
                ask(admin, UUID.randomUUID().toString(), day()).body().get("error");
        assertThat(unknown.get("code").asText()).isEqualTo("ORG_UNKNOWN");
        assertThat(ask(stranger, org, day()).body().get("error")).isEqualTo(unknown);
        assertThat(ask(admin, new UUID(0, 0).toString(), day()).body().get("error"))
                .isEqualTo(unknown);
        assertThat(ask(stranger, org, "nonsense").body().get("error"))
                .as("before anything is read")
                .isEqualTo(unknown);
    }

    @Test
    void who_is_no_admin_is_refused_and_that_is_recorded_and_reading_is_not() throws Exception {
        plane.sql(
                "INSERT INTO nvremote.org_members (org_id, user_id, role) SELECT ?, id, 'MEMBER' FROM nvremote.users"
                        + " WHERE email = 'stranger@example.com'",
                UUID.fromString(org));
        Answer refused = ask(stranger, org, day());
        plane.sql("DELETE FROM nvremote.org_members WHERE role = 'MEMBER'");
        assertThat(refused.status() + " " + refused.code()).isEqualTo("403 ROLE_INSUFFICIENT");
        assertThat(types("&outcome=FAILURE")).containsExactly("ROLE_INSUFFICIENT");
        int before = types("").size();
        assertThat(types("")).hasSize(before);
    }
}
