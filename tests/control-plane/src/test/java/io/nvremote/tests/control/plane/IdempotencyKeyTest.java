// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.tests.control.plane.DocumentedRequests.Made;
import io.nvremote.tests.control.plane.DocumentedRequests.Operation;
import io.nvremote.tests.control.plane.RunningControlPlane.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every POST of the OpenAPI document with an {@code Idempotency-Key}, on the real control plane. */
class IdempotencyKeyTest {

    private static final String KEY = "Idempotency-Key";

    private static RunningControlPlane plane;
    private static DocumentedRequests requests;
    private static String admin;
    private static String colleague;
    private static String org;

    @BeforeAll
    static void start() throws Exception {
        plane = new RunningControlPlane("admin", "colleague");
        admin = "Bearer " + plane.signIn("admin").access();
        colleague = "Bearer " + plane.signIn("colleague").access();
        org = plane.call("POST", "/orgs", admin, "{\"name\":\"a\",\"slug\":\"ours\"}")
                .body()
                .get("id")
                .asText();
        String me = plane.call("GET", "/users/me", admin, null)
                .body()
                .at("/user/id")
                .asText();
        requests = new DocumentedRequests(plane, org, me);
    }

    @AfterAll
    static void stop() throws Exception {
        if (plane != null) {
            plane.close();
        }
    }

    private static List<Operation> posts() {
        List<Operation> posts = requests.operations().stream()
                .filter(operation -> operation.method().equals("POST"))
                .toList();
        assertThat(posts).hasSizeGreaterThan(10);
        return posts;
    }

    private static Answer ask(Made request, String bearer, String... keys) throws Exception {
        String[] headers = new String[2 * keys.length];
        for (int i = 0; i < keys.length; i++) {
            headers[2 * i] = KEY;
            headers[2 * i + 1] = keys[i];
        }
        String authorization = request.operation().role().equals("none") ? null : bearer;
        return plane.call("POST", request.address(), authorization, request.body(), headers);
    }

    private static boolean replayed(Answer answer) {
        return answer.raw().headers().firstValue("Idempotency-Replayed").isPresent();
    }

    private static Made of(String path, String body) {
        return new Made(
                requests.operations().stream()
                        .filter(one -> one.method().equals("POST") && one.path().equals(path))
                        .findFirst()
                        .orElseThrow(),
                path.replace("{org}", org),
                body);
    }

    @Test
    void the_document_says_of_every_post_that_it_takes_a_key() {
        for (Operation post : posts()) {
            List<String> names = new ArrayList<>();
            post.says()
                    .path("parameters")
                    .forEach(one -> names.add(one.path("name").asText()));
            assertThat(names).as(post.toString()).containsOnlyOnce(KEY);
            assertThat(post.says().path("responses").has("409")
                            && post.says().path("responses").has("422"))
                    .as(post.toString())
                    .isTrue();
        }
    }

    /** What was refused has changed nothing: it is tried again, as any request. */
    @Test
    void every_post_that_succeeds_is_done_once_and_answered_the_same() throws Exception {
        List<String> succeeded = new ArrayList<>();
        for (Operation post : posts()) {
            Made request = requests.made(post);
            String key = UUID.randomUUID().toString();
            Answer first = ask(request, admin, key);
            Answer again = ask(request, admin, key);
            assertThat(again.status()).as(post.toString()).isEqualTo(first.status());
            assertThat(replayed(first)).as(post.toString()).isFalse();
            assertThat(replayed(again)).as(post.toString()).isEqualTo(first.status() < 400);
            if (first.status() < 400) {
                succeeded.add(post.path());
                assertThat(again.raw().body())
                        .as(post.toString())
                        .isEqualTo(first.raw().body());
                Made differs = new Made(
                        post, requests.made(post).address(), request.body() == null ? null : request.body() + ' ');
                Answer other = ask(differs, admin, key);
                assertThat(other.status() + " " + other.code())
                        .as(post.toString())
                        .isEqualTo("422 IDEMPOTENCY_KEY_REUSED");
            }
        }
        assertThat(succeeded)
                .contains("/auth/logout", "/orgs", "/orgs/{org}/members", "/orgs/{org}/hosts/bootstrap-token");
    }

    @Test
    void a_key_that_is_none_is_refused_by_every_post_and_nothing_is_done() throws Exception {
        long orgs = plane.number("SELECT count(*) FROM nvremote.orgs");
        for (Operation post : posts()) {
            for (String[] keys : List.of(
                    new String[] {""}, new String[] {"two words"}, new String[] {"k".repeat(256)}, new String[] {
                        "a", "b"
                    })) {
                Answer answer = ask(requests.made(post), admin, keys);
                assertThat(answer.status() + " " + answer.code())
                        .as(post + " with " + List.of(keys))
                        .isEqualTo("400 IDEMPOTENCY_KEY_INVALID");
            }
        }
        assertThat(plane.number("SELECT count(*) FROM nvremote.orgs")).isEqualTo(orgs);
    }

    @Test
    void a_key_is_its_caller_s_own_and_one_of_its_operation() throws Exception {
        String key = UUID.randomUUID().toString();
        Answer mine = ask(of("/orgs", "{\"name\":\"a\",\"slug\":\"mine\"}"), admin, key);
        Answer theirs = ask(of("/orgs", "{\"name\":\"a\",\"slug\":\"theirs\"}"), colleague, key);
        assertThat(List.of(mine.status(), theirs.status())).containsOnly(201);
        assertThat(theirs.body().get("id")).isNotEqualTo(mine.body().get("id"));
        Answer elsewhere = ask(of("/orgs/{org}/hosts/bootstrap-token", "{}"), admin, key);
        assertThat(elsewhere.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        Answer nobody = plane.call("POST", "/orgs", null, "{\"name\":\"a\",\"slug\":\"mine\"}", KEY, key);
        assertThat(nobody.status()).as("no answer without a right").isEqualTo(401);
    }

    @Test
    void a_refused_request_frees_its_key_also_for_other_words() throws Exception {
        String key = UUID.randomUUID().toString();
        assertThat(ask(of("/orgs", "{\"name\":\"a\",\"slug\":\"NOT A SLUG\"}"), admin, key)
                        .status())
                .isEqualTo(400);
        assertThat(ask(of("/orgs", "{\"name\":\"a\""), admin, key).code()).isEqualTo("BODY_MALFORMED");
        assertThat(ask(of("/orgs", "{\"name\":\"a\",\"slug\":\"a-slug\"}"), admin, key)
                        .status())
                .isEqualTo(201);
    }

    @Test
    void while_it_is_done_who_repeats_it_is_told_so_and_then_gets_its_answer() throws Exception {
        Made request = of("/orgs/{org}/hosts/bootstrap-token", "{}");
        String key = UUID.randomUUID().toString();
        long tokens = plane.number("SELECT count(*) FROM nvremote.bootstrap_tokens");
        AutoCloseable held = plane.locked("nvremote.bootstrap_tokens");
        CompletableFuture<Answer> first;
        try {
            first = CompletableFuture.supplyAsync(() -> {
                try {
                    return ask(request, admin, key);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            while (plane.number("SELECT count(*) FROM nvremote.kept_answers WHERE answered_at IS NULL") == 0) {
                assertThat(first).isNotDone();
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertThat(ask(request, admin, key).code()).isEqualTo("IDEMPOTENCY_KEY_IN_FLIGHT");
        } finally {
            held.close();
        }
        Answer made = first.get(2, TimeUnit.MINUTES);
        assertThat(made.status()).as(made.body().toString()).isEqualTo(201);
        Answer again = ask(request, admin, key);
        JsonNode token = made.body().get("token");
        assertThat(token).isNotNull();
        assertThat(again.body().get("token")).isEqualTo(token);
        assertThat(plane.number("SELECT count(*) FROM nvremote.bootstrap_tokens"))
                .isEqualTo(tokens + 1);
        assertThat(plane.log()).doesNotContain(token.asText());
    }
}
