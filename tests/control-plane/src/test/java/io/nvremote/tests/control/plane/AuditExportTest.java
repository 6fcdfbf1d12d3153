// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.lib.chain.ChainFault;
import io.nvremote.lib.chain.ChainVerification;
import io.nvremote.lib.chain.ChainVerifier;
import io.nvremote.lib.chain.HeadKey;
import io.nvremote.tests.control.plane.RunningControlPlane.Answer;
import io.nvremote.tests.kit.Waiting;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code GET /orgs/{org}/audit-logs/export} on the real control plane. */
class AuditExportTest {

    private static final int BIG = 20_000;

    private static RunningControlPlane plane;
    private static String admin;
    private static String second;

    @BeforeAll
    static void start() throws Exception {
        plane = new RunningControlPlane("admin", "second");
        admin = "Bearer " + plane.signIn("admin").access();
        second = "Bearer " + plane.signIn("second").access();
    }

    @AfterAll
    static void stop() throws Exception {
        if (plane != null) {
            plane.close();
        }
    }

    private static String org(String slug) throws Exception {
        return plane.call("POST", "/orgs", admin, "{\"name\":\"a\",\"slug\":\"" + slug + "\"}")
                .body()
                .get("id")
                .asText();
    }

    private static String day() {
        Instant now = Instant.now();
        return "from=" + now.minus(1, ChronoUnit.DAYS) + "&to=" + now.plus(1, ChronoUnit.DAYS);
    }

    private static Answer export(String who, String org, String query) throws Exception {
        return plane.call("GET", "/orgs/" + org + "/audit-logs/export?" + query, who, null);
    }

    private static void invited(String org, String name) throws Exception {
        Answer answer = plane.call(
                "POST",
                "/orgs/" + org + "/members",
                admin,
                "{\"email\":\"" + name + "@example.org\",\"role\":\"guest\"}",
                "User-Agent",
                "=cmd|' /C calc'!\"A1\"");
        assertThat(answer.status()).as(answer.raw().body()).isLessThan(300);
    }

    private static PublicKey key(String org) throws Exception {
        Answer answer = plane.call("GET", "/orgs/" + org + "/audit-logs/key", admin, null);
        assertThat(answer.status()).isEqualTo(200);
        PublicKey key = HeadKey.publicKey(answer.body().get("public_key").asText());
        assertThat(answer.body().get("key_id").asText()).isEqualTo(HeadKey.id(key));
        return key;
    }

    private static ChainVerification verified(String file, PublicKey key) throws IOException {
        return ChainVerifier.verify(new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)), key);
    }

    private static JsonNode lastEvent(String org) throws Exception {
        JsonNode items = plane.call("GET", "/orgs/" + org + "/audit-logs?" + day(), admin, null)
                .body()
                .get("items");
        return items.get(items.size() - 1);
    }

    @Test
    void what_is_exported_is_verified_without_us_and_that_it_was_exported_is_recorded() throws Exception {
        String org = org("exported");
        for (int i = 0; i < 5; i++) {
            invited(org, "m" + i);
        }
        String asked = day();
        Answer answer = export(admin, org, asked);
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        assertThat(answer.raw().headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
        assertThat(answer.raw().headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"audit-" + org + ".jsonl\"");
        assertThat(answer.raw().headers().firstValue("Audit-Records"))
                .hasValue(Long.toString(answer.raw().body().lines().count() - 1));
        ChainVerification found = verified(answer.raw().body(), key(org));
        assertThat(found.fault()).isNull();
        assertThat(found.first()).isEqualTo(1);
        assertThat(found.records()).isGreaterThanOrEqualTo(6);
        assertThat(found.head().org()).isEqualTo(org);
        assertThat(found.head().chain().sequence()).isEqualTo(found.last());

        JsonNode event = lastEvent(org);
        assertThat(event.get("event_type").asText()).isEqualTo("AUDIT_LOG_EXPORTED");
        assertThat(event.get("seq").asLong()).as("not in itself").isEqualTo(found.last() + 1);
        Map<String, String> facts = new LinkedHashMap<>();
        event.get("context")
                .properties()
                .forEach(fact -> facts.put(fact.getKey(), fact.getValue().asText()));
        assertThat(facts)
                .containsEntry("format", "jsonl")
                .containsEntry("count", Long.toString(found.records()))
                .containsEntry("first_seq", "1")
                .containsEntry("last_seq", Long.toString(found.last()));
        assertThat("from=" + facts.get("from") + "&to=" + facts.get("to")).isEqualTo(asked);

        String damaged = answer.raw().body().replaceFirst("MEMBER_INVITED", "MEMBER_REMOVED");
        assertThat(verified(damaged, null).fault().kind()).isEqualTo(ChainFault.Kind.ALTERED);
    }

    @Test
    void a_part_begins_where_it_was_asked_to_and_a_range_without_records_is_signed_too() throws Exception {
        String org = org("part");
        invited(org, "early");
        Instant middle = Instant.now();
        invited(org, "late");
        String rest = "from=" + middle + "&to=" + middle.plus(1, ChronoUnit.DAYS);
        ChainVerification part = verified(export(admin, org, rest).raw().body(), key(org));
        assertThat(part.fault()).isNull();
        assertThat(part.first()).isEqualTo(3);
        Instant then = Instant.parse("2020-01-01T00:00:00Z");
        Answer none = export(admin, org, "from=" + then + "&to=" + then.plusSeconds(1) + "&format=jsonl");
        assertThat(none.raw().body().lines()).hasSize(1);
        ChainVerification nothing = verified(none.raw().body(), key(org));
        assertThat(nothing.fault()).isNull();
        assertThat(nothing.records()).isZero();
        assertThat(lastEvent(org).at("/context/count").asText()).isEqualTo("0");
    }

    @Test
    void a_spreadsheet_finds_no_formula_in_it() throws Exception {
        String org = org("sheet");
        invited(org, "somebody");
        Answer answer = export(admin, org, day() + "&format=csv");
        assertThat(answer.raw().headers().firstValue("Content-Type").orElse("")).startsWith("text/csv");
        List<String> lines = List.of(answer.raw().body().split("\r\n", -1));
        assertThat(lines.getFirst()).startsWith("seq,at,event_type,");
        assertThat(lines.getLast()).isEmpty();
        assertThat(lines.get(2)).contains(",\"MEMBER_INVITED\",").contains("\"'=cmd|' /C calc'!\"\"A1\"\"\"");
        assertThat(lines).hasSize(4);
        assertThat(answer.raw().headers().firstValue("Audit-Records")).hasValue("2");
        assertThat(lastEvent(org).at("/context/format").asText()).isEqualTo("csv");
    }

    @Test
    void each_of_many_exports_of_a_log_that_grows_is_whole() throws Exception {
        String org = org("growing");
        PublicKey key = key(org);
        List<ChainVerification> found = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> growing = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String name = "w" + i;
                growing.add(threads.submit(() -> {
                    for (int n = 0; n < 15; n++) {
                        invited(org, name + "-" + n);
                    }
                    return null;
                }));
            }
            do {
                Answer answer = export(admin, org, day());
                assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
                found.add(verified(answer.raw().body(), key));
            } while (!growing.stream().allMatch(Future::isDone));
            for (Future<?> each : growing) {
                each.get();
            }
        }
        assertThat(found).hasSizeGreaterThan(1).allSatisfy(each -> {
            assertThat(each.fault()).isNull();
            assertThat(each.first()).isEqualTo(1);
            assertThat(each.head().chain().sequence()).isEqualTo(each.last());
        });
    }

    @Test
    void what_is_asked_in_a_wrong_way_is_refused_and_not_recorded() throws Exception {
        String org = org("wrong");
        Map<String, String> questions = new LinkedHashMap<>();
        questions.put("", "400 FIELD_INVALID from");
        questions.put("from=2026-01-01T00:00:00Z", "400 FIELD_INVALID to");
        questions.put("from=2026-01-01&to=2026-01-02T00:00:00Z", "400 FIELD_INVALID from");
        questions.put("from=2026-01-01T00:00:00Z&to=2026-04-03T00:00:01Z", "400 FIELD_INVALID to");
        questions.put("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "400 RANGE_REFUSED from");
        questions.put(day() + "&format=xlsx", "400 FIELD_INVALID format");
        questions.put(day() + "&format=", "400 FIELD_INVALID format");
        for (Map.Entry<String, String> each : questions.entrySet()) {
            Answer answer = export(admin, org, each.getKey());
            String message = answer.body().at("/error/message").asText();
            assertThat(answer.status() + " " + answer.code() + " " + message)
                    .as(each.getKey())
                    .startsWith(each.getValue() + " ");
        }
        Answer head = plane.call("HEAD", "/orgs/" + org + "/audit-logs/export?" + day(), admin, null);
        assertThat(head.status()).isEqualTo(200);
        assertThat(lastEvent(org).get("event_type").asText()).isEqualTo("ORG_CREATED");
        assertThat(export(second, org, day()).code()).isEqualTo("ORG_UNKNOWN");
        assertThat(plane.call("GET", "/orgs/" + org + "/audit-logs/key", second, null)
                        .code())
                .isEqualTo("ORG_UNKNOWN");
    }

    private interface State {
        boolean holds() throws Exception;
    }

    private static void until(String what, State state) {
        Waiting.until(
                () -> {
                    try {
                        return state.holds();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                what);
    }

    /** Far behind those that are made here; nobody looks at their hashes. */
    private static void fill(String org) throws Exception {
        plane.sql(
                "INSERT INTO nvremote.audit_log (org_id, seq, at, event_type, actor_type, outcome, context, prev_hash, hash)"
                        + " SELECT ?, 1000000 + n, now(), 'HOST_ONLINE', 'SYSTEM', 'SUCCESS', jsonb_build_object('x', repeat('x', 1000)),"
                        + " repeat('0', 64), repeat('0', 64) FROM generate_series(1, ?) n",
                UUID.fromString(org),
                BIG);
    }

    private static HttpResponse<InputStream> slow(HttpClient client, String who, String org) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + plane.apiPort + "/api/v1/orgs/" + org
                                + "/audit-logs/export?" + day()))
                        .header("Authorization", who)
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    @Test
    void who_reads_slowly_holds_no_connection_to_the_database_and_is_one_of_the_organisation_s() throws Exception {
        String org = org("slow");
        fill(org);
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(plane.tls(null)).build()) {
            HttpResponse<InputStream> slow = slow(client, admin, org);
            try (InputStream body = slow.body()) {
                assertThat(body.read()).isEqualTo('{');
                Answer busy = export(admin, org, day());
                assertThat(busy.status() + " " + busy.code()).isEqualTo("429 EXPORT_BUSY");
                assertThat(busy.raw().headers().firstValue("Retry-After")).hasValue("15");
                assertThat(export(admin, org("beside"), day()).status()).isEqualTo(200);
                until(
                        "no transaction is open",
                        () -> plane.number("SELECT count(*) FROM pg_stat_activity WHERE usename = 'nvremote_app'"
                                        + " AND state <> 'idle'")
                                == 0);
            }
            // Gone in the middle of it: its place is free again.
            until(
                    "another may begin",
                    () -> export(admin, org, "from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z")
                                    .status()
                            == 200);
        }
    }

    @Test
    void who_is_no_admin_any_more_gets_no_more() throws Exception {
        String org = org("taken");
        plane.sql(
                "INSERT INTO nvremote.org_members (org_id, user_id, role) SELECT ?, id, 'ADMIN' FROM nvremote.users"
                        + " WHERE email = 'second@example.com'",
                UUID.fromString(org));
        fill(org);
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(plane.tls(null)).build()) {
            HttpResponse<InputStream> slow = slow(client, second, org);
            StringBuilder read = new StringBuilder();
            try (InputStream body = slow.body()) {
                read.append((char) body.read());
                plane.sql(
                        "DELETE FROM nvremote.org_members WHERE org_id = ? AND user_id <> "
                                + "(SELECT id FROM nvremote.users WHERE email = 'admin@example.com')",
                        UUID.fromString(org));
                until(
                        "the right is forgotten",
                        () -> plane.call("GET", "/orgs/" + org, second, null).status() == 404
                                && export(second, org, day()).status() == 404);
                read.append(new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
            assertThat(slow.headers().firstValue("Audit-Records")).hasValue(Integer.toString(1_000_000 + BIG));
            assertThat(read.toString().lines().count()).isLessThan(BIG);
            assertThat(read.toString()).doesNotContain("nvremote-audit-1");
        }
    }
}
