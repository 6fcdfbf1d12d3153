// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.tests.control.plane.DocumentedRequests.Made;
import io.nvremote.tests.control.plane.DocumentedRequests.Operation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What HTTP itself promises (RFC 9110), at each address of the document: methods, media types, and what errors look like. */
class HttpContractTest {

    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get", "Post");

    private static RunningControlPlane plane;
    private static HttpClient http;
    private static String bearer;
    private static DocumentedRequests requests;

    @BeforeAll
    static void start() throws Exception {
        plane = new RunningControlPlane("ada");
        http = HttpClient.newBuilder().sslContext(plane.tls(null)).build();
        bearer = "Bearer " + plane.signIn("ada").access();
        String org = plane.call("POST", "/orgs", bearer, "{\"name\":\"first\",\"slug\":\"first\"}")
                .body()
                .get("id")
                .asText();
        String ada = plane.call("GET", "/users/me", bearer, null)
                .body()
                .at("/user/id")
                .asText();
        requests = new DocumentedRequests(plane, org, ada);
    }

    @AfterAll
    static void stop() throws Exception {
        if (plane != null) {
            plane.close();
        }
    }

    private static HttpResponse<String> send(String method, String address, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("https://127.0.0.1:" + plane.apiPort + "/api/v1" + address))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String header(HttpResponse<String> answer, String name) {
        return String.join(", ", answer.headers().allValues(name));
    }

    /** An address of each path in the document, with the methods that it says. */
    private static Map<String, Set<String>> documented() throws Exception {
        Map<String, Made> paths = new TreeMap<>();
        Map<String, Set<String>> methods = new TreeMap<>();
        for (Operation operation : requests.operations()) {
            if (!paths.containsKey(operation.path())) {
                paths.put(operation.path(), requests.made(operation));
            }
            String address = paths.get(operation.path()).address();
            methods.computeIfAbsent(address, path -> new TreeSet<>(Set.of("OPTIONS")))
                    .addAll(operation.method().equals("GET") ? Set.of("GET", "HEAD") : Set.of(operation.method()));
        }
        assertThat(methods).hasSizeGreaterThan(25);
        return methods;
    }

    @Test
    void an_address_names_the_methods_that_it_takes_and_refuses_all_others() throws Exception {
        SoftAssertions all = new SoftAssertions();
        for (var address : documented().entrySet()) {
            String allowed = String.join(", ", address.getValue());
            HttpResponse<String> options = send("OPTIONS", address.getKey(), null);
            all.assertThat(options.statusCode()).as("OPTIONS " + address).isEqualTo(204);
            all.assertThat(header(options, "Allow")).as("OPTIONS " + address).isEqualTo(allowed);
            all.assertThat(options.headers().map().keySet())
                    .as("pages of others may not ask")
                    .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("access-control-"));
            for (String method : METHODS) {
                if (address.getValue().contains(method)) {
                    continue;
                }
                HttpResponse<String> answer = send(method, address.getKey(), null, "Authorization", bearer);
                all.assertThat(answer.statusCode()).as(method + " " + address).isEqualTo(405);
                all.assertThat(header(answer, "Allow"))
                        .as(method + " " + address)
                        .isEqualTo(allowed);
                all.assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
            }
        }
        all.assertAll();
    }

    @Test
    void head_is_get_without_its_body() throws Exception {
        SoftAssertions all = new SoftAssertions();
        for (Operation operation : requests.operations()) {
            if (!operation.method().equals("GET") || operation.path().startsWith("/auth/")) {
                continue; // A sign-in has other headers each time.
            }
            String address = requests.made(operation).address();
            HttpResponse<String> get = send("GET", address, null, "Authorization", bearer);
            HttpResponse<String> head = send("HEAD", address, null, "Authorization", bearer);
            all.assertThat(head.statusCode()).as("HEAD " + address).isEqualTo(get.statusCode());
            all.assertThat(head.body()).as("HEAD " + address).isEmpty();
            boolean streamed = header(get, "Content-Length").isEmpty();
            for (String name : streamed
                    ? List.of("Content-Type", "Cache-Control")
                    : List.of("Content-Type", "Content-Length", "Link", "Cache-Control")) {
                all.assertThat(header(head, name))
                        .as(name + " of HEAD " + address)
                        .isEqualTo(header(get, name));
            }
            all.assertThat(header(head, "ETag").isEmpty())
                    .as("ETag of HEAD " + address)
                    .isEqualTo(header(get, "ETag").isEmpty());
        }
        HttpResponse<String> me = send("GET", "/users/me", null, "Authorization", bearer);
        HttpResponse<String> same =
                send("HEAD", "/users/me", null, "Authorization", bearer, "If-None-Match", header(me, "ETag"));
        all.assertThat(same.statusCode()).isEqualTo(304);
        all.assertAll();
    }

    @Test
    void bodies_of_another_kind_and_answers_of_another_kind_are_refused_by_their_own_code() throws Exception {
        SoftAssertions all = new SoftAssertions();
        for (Operation operation : requests.operations()) {
            Made made = requests.made(operation);
            if (made.body() != null) {
                for (String type : List.of("text/plain", "application/xml", "application/json-patch+json")) {
                    HttpResponse<String> answer = send(
                            operation.method(),
                            made.address(),
                            made.body(),
                            "Authorization",
                            bearer,
                            "Content-Type",
                            type);
                    all.assertThat(answer.statusCode() + " " + code(answer))
                            .as(operation + " with " + type)
                            .isEqualTo("415 MEDIA_TYPE_REFUSED");
                }
            }
            if (operation.method().equals("GET") && !operation.path().startsWith("/auth/")) {
                HttpResponse<String> answer = send(
                        "GET", made.address(), null, "Authorization", bearer, "Accept", "application/xml, image/*");
                all.assertThat(answer.statusCode() + " " + code(answer))
                        .as(operation + " for XML")
                        .isEqualTo("406 NOT_ACCEPTABLE");
            }
        }
        all.assertAll();
    }

    private static String code(HttpResponse<String> answer) throws Exception {
        assertThat(header(answer, "Content-Type")).as(answer.body()).isEqualTo("application/problem+json");
        return RunningControlPlane.JSON
                .readTree(answer.body())
                .at("/error/code")
                .asText();
    }

    @Test
    void an_address_that_is_none_is_not_found_whatever_the_method() throws Exception {
        for (String method : METHODS) {
            HttpResponse<String> answer = send(method, "/nowhere", null, "Authorization", bearer);
            assertThat(answer.statusCode()).as(method).isEqualTo(404);
            if (!method.equals("HEAD")) {
                assertThat(code(answer)).isEqualTo("NOT_FOUND");
            }
        }
    }
}
