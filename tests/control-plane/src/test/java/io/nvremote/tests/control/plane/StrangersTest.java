// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.tests.control.plane.RunningControlPlane.Answer;
import io.nvremote.tests.control.plane.RunningControlPlane.Tokens;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What those may do who have not signed in, or no longer. */
class StrangersTest {

    private static final String AUTHORIZE = "/api/v1/auth/authorize?response_type=code&client_id=nvremote-client"
            + "&redirect_uri=http://127.0.0.1:4444/callback&code_challenge=" + "c".repeat(43)
            + "&code_challenge_method=S256&state=state-of-client";

    private static RunningControlPlane plane;
    private static HttpClient http;

    @BeforeAll
    static void start() throws Exception {
        http = HttpClient.newHttpClient();
        plane = new RunningControlPlane(
                config -> {
                    ObjectNode proxies = config.putObject("io.nvremote.forwarded");
                    proxies.putArray("proxies").add("127.0.0.1").add("::1");
                },
                "ada",
                "hoarder");
        plane.awaitReady();
    }

    @AfterAll
    static void stop() throws Exception {
        http.close();
        plane.close();
    }

    private static HttpResponse<String> local(String method, String pathAndQuery, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + plane.localPort + pathAndQuery))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void a_flood_of_begun_sign_ins_is_limited_by_the_persons_address_and_puts_out_nobody() throws Exception {
        HttpResponse<String> early = local("GET", AUTHORIZE, "X-Forwarded-For", "203.0.113.9");
        assertThat(early.statusCode()).isEqualTo(302);
        Map<Integer, Integer> statuses = new HashMap<>();
        HttpResponse<String> last = early;
        for (int i = 0; i < 10_001 && last.statusCode() != 429; i++) {
            last = local("GET", AUTHORIZE, "X-Forwarded-For", "203.0.113.66");
            statuses.merge(last.statusCode(), 1, Integer::sum);
        }
        assertThat(statuses).containsOnlyKeys(302, 429);
        assertThat(last.headers().firstValue("Retry-After"))
                .hasValueSatisfying(
                        seconds -> assertThat(Integer.parseInt(seconds)).isBetween(1, 60));
        assertThat(local("GET", AUTHORIZE, "X-Forwarded-For", "203.0.113.10").statusCode())
                .as("another person behind the same proxy")
                .isEqualTo(302);
        assertThat(plane.signIn("ada").access()).isNotEmpty();

        URI page = URI.create(early.headers().firstValue("Location").orElseThrow());
        String state = page.getQuery().replaceAll(".*[?&]?state=([^&]*).*", "$1");
        HttpResponse<String> back = local(
                "GET", "/api/v1/auth/callback?error=access_denied&state=" + state, "X-Forwarded-For", "203.0.113.9");
        assertThat(back.headers().firstValue("Location"))
                .hasValueSatisfying(where ->
                        assertThat(where).contains("error=access_denied").contains("state=state-of-client"));
        assertThat(plane.number("SELECT count(*) FROM nvremote.audit_log"
                        + " WHERE event_type = 'LOGIN_FAILED' AND actor_ip = '203.0.113.9'"))
                .as("the audit log sees the person, not the proxy")
                .isEqualTo(1);
    }

    @Test
    void a_user_whose_codes_nobody_fetches_is_told_to_wait_and_others_sign_in() throws Exception {
        URI last = plane.browse("hoarder");
        int codes = 0;
        while (last.getQuery().contains("code=") && codes < 1_000) {
            codes++;
            last = plane.browse("hoarder");
        }
        assertThat(last.getQuery()).contains("error=temporarily_unavailable").contains("state=state-of-client");
        assertThat(codes).isGreaterThanOrEqualTo(100);
        assertThat(plane.signIn("ada").access()).isNotEmpty();
        assertThat(plane.log()).contains("CODES_FULL");
    }

    @Test
    void two_hundred_guessed_bootstrap_tokens_are_refused_and_fill_no_chain() throws Exception {
        String body = HostKey.make(plane.folder).registration();
        List<Integer> statuses = new ArrayList<>();
        Answer last = null;
        for (int i = 0; i < 200; i++) {
            last = plane.call(
                    "POST",
                    "/orgs/" + UUID.randomUUID() + "/hosts",
                    "Bootstrap nvs_bootstrap_" + "x".repeat(43),
                    body,
                    "X-Forwarded-For",
                    "203.0.113.77");
            statuses.add(last.status());
        }
        assertThat(statuses).containsOnly(401, 429);
        assertThat(last.code()).isEqualTo("TOO_MANY_REQUESTS");
        assertThat(last.raw().headers().firstValue("Retry-After")).isPresent();
        assertThat(plane.number("SELECT count(*) FROM nvremote.audit_log WHERE event_type = 'BOOTSTRAP_TOKEN_REFUSED'"))
                .isBetween(1L, 40L);
    }

    @Test
    void refused_access_tokens_are_limited_by_address_and_who_is_known_goes_through() throws Exception {
        String ada = "Bearer " + plane.signIn("ada").access();
        String[] here = {"X-Forwarded-For", "203.0.113.88"};
        Map<Integer, Integer> statuses = new HashMap<>();
        Answer last = null;
        for (int i = 0; i < 10_000 && (last == null || last.status() != 429); i++) {
            last = plane.call(
                    "GET", "/users/me", "Bearer " + ada.substring(7, ada.length() - 10) + "x" + i, null, here);
            statuses.merge(last.status(), 1, Integer::sum);
        }
        assertThat(statuses).containsOnlyKeys(401, 429);
        assertThat(last.code()).isEqualTo("TOO_MANY_REQUESTS");
        assertThat(last.raw().headers().firstValue("Retry-After")).isPresent();
        assertThat(plane.call("GET", "/users/me", ada, null, here).status())
                .as("somebody behind the same address who has signed in")
                .isEqualTo(200);
        assertThat(plane.call("GET", "/users/me", "Bearer bad", null, "X-Forwarded-For", "203.0.113.89")
                        .status())
                .isEqualTo(401);
        assertThat(plane.log().lines().filter(line -> line.contains("an access token was refused")))
                .hasSizeBetween(1, 20);
    }

    @Test
    void a_request_has_one_name_in_its_answer_its_error_and_the_log() throws Exception {
        Answer named = plane.call("GET", "/users/me", "Bearer bad", null, "X-Request-Id", "name-of-the-caller");
        assertThat(named.raw().headers().firstValue("X-Request-Id")).contains("name-of-the-caller");
        assertThat(named.body().get("instance").asText()).isEqualTo("urn:nvremote:request:name-of-the-caller");
        assertThat(plane.log().lines().filter(line -> line.contains("request_id=\"name-of-the-caller\"")))
                .singleElement()
                .asString()
                .contains("an access token was refused");
        Answer unnamed = plane.call("GET", "/users/me", null, null, "X-Request-Id", "x\" code=\"FORGED");
        assertThat(unnamed.raw().headers().firstValue("X-Request-Id"))
                .hasValueSatisfying(id -> assertThat(id).matches("[0-9a-f-]{36}"));
        assertThat(local("GET", "/nothing-here").headers().firstValue("X-Request-Id"))
                .isPresent();
    }

    @Test
    void an_answer_that_the_caller_has_is_not_sent_again() throws Exception {
        String ada = "Bearer " + plane.signIn("ada").access();
        Answer first = plane.call("GET", "/users/me", ada, null);
        String tag = first.raw().headers().firstValue("ETag").orElseThrow();
        Answer same = plane.call("GET", "/users/me", ada, null, "If-None-Match", "\"other\", W/" + tag);
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.raw().body()).isEmpty();
        assertThat(same.raw().headers().firstValue("ETag")).contains(tag);
        assertThat(plane.call("POST", "/orgs", ada, "{\"name\":\"More\",\"slug\":\"more\"}")
                        .status())
                .isEqualTo(201);
        Answer other = plane.call("GET", "/users/me", ada, null, "If-None-Match", tag);
        assertThat(other.status()).isEqualTo(200);
        assertThat(other.raw().headers().firstValue("ETag"))
                .isPresent()
                .isNotEqualTo(first.raw().headers().firstValue("ETag"));
        assertThat(plane.call("GET", "/users/me", null, null, "If-None-Match", tag)
                        .status())
                .as("a stranger")
                .isEqualTo(401);
    }

    @Test
    void a_stolen_refresh_token_ends_the_access_token_at_once() throws Exception {
        Tokens tokens = plane.signIn("ada");
        String body = "{\"refresh_token\":\"" + tokens.refresh() + "\"}";
        assertThat(plane.call("POST", "/auth/refresh", null, body).status()).isEqualTo(200);
        assertThat(plane.call("GET", "/users/me", "Bearer " + tokens.access(), null)
                        .status())
                .isEqualTo(200);
        assertThat(plane.call("POST", "/auth/refresh", null, body).code()).isEqualTo("REFRESH_REUSED");
        assertThat(plane.call("GET", "/users/me", "Bearer " + tokens.access(), null)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void a_refresh_whose_answer_was_lost_can_be_repeated() throws Exception {
        Tokens tokens = plane.signIn("ada");
        String body = "{\"refresh_token\":\"" + tokens.refresh() + "\",\"attempt\":\"" + "a".repeat(43) + "\"}";
        Answer lost = plane.call("POST", "/auth/refresh", null, body);
        Answer again = plane.call("POST", "/auth/refresh", null, body);
        assertThat(again.body().get("refresh_token"))
                .isEqualTo(lost.body().get("refresh_token"))
                .isNotNull();
    }

    @Test
    void the_development_provider_answers_to_its_own_machine_and_port_only() throws Exception {
        String page = local("GET", AUTHORIZE).headers().firstValue("Location").orElseThrow();
        String path = page.substring(page.indexOf("/development-identity"));
        assertThat(local("GET", path).statusCode()).isEqualTo(200);
        assertThat(local("GET", path, "X-Forwarded-For", "203.0.113.9").statusCode())
                .isEqualTo(403);
        assertThat(local("GET", path, "X-Forwarded-For", "127.0.0.1").statusCode())
                .isEqualTo(403);
        assertThat(plane.outside(path).statusCode()).as("the TLS port").isEqualTo(403);
    }
}
