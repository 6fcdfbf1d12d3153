// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.tests.control.plane.RunningControlPlane.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What strangers send that is no proper request: refused as theirs, at the cost of one short line at most. */
class BadRequestsTest {

    private static final int TIMES = 3;

    private static RunningControlPlane plane;
    private static String bearer;

    @BeforeAll
    static void start() throws Exception {
        plane = new RunningControlPlane("ada");
        bearer = "Bearer " + plane.signIn("ada").access();
    }

    @AfterAll
    static void stop() throws Exception {
        if (plane != null) {
            plane.close();
        }
    }

    private static String get(String path, String... headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + String.join("", List.of(headers))
                + "Connection: close\r\n\r\n";
    }

    private static String post(String type, String body) {
        return "POST /api/v1/auth/refresh HTTP/1.1\r\nHost: a\r\nContent-Type: " + type + "\r\nContent-Length: "
                + body.getBytes(StandardCharsets.ISO_8859_1).length + "\r\nConnection: close\r\n\r\n" + body;
    }

    private static Map<String, String> malformed() {
        Map<String, String> inputs = new LinkedHashMap<>();
        inputs.put("an unread query", get("/api/v1/livez?x=%zz"));
        inputs.put("a query that is cut off", get("/api/v1/livez?x=%4"));
        inputs.put("a query that is no UTF-8", get("/api/v1/livez?x=%ff"));
        inputs.put("NUL in a query", get("/api/v1/auth/authorize?state=%00"));
        inputs.put("an unread query of an operation that reads it", get("/api/v1/auth/authorize?state=%zz"));
        inputs.put("an unread path", get("/api/v1/hosts/%zz"));
        inputs.put("NUL in a path", get("/api/v1/hosts/%00"));
        inputs.put("a path that is no UTF-8", get("/api/v1/hosts/%c3%28"));
        inputs.put("an Accept header that is none", get("/api/v1/livez", "Accept: evil\r\n"));
        inputs.put("a weight that is none", get("/api/v1/livez", "Accept: a/b;q=evil\r\n"));
        inputs.put("a media type that is none", post("evil", "{}"));
        inputs.put("an open quote", post("application/json;charset=\"evil\u009b31m", "{}"));
        inputs.put("an unknown charset", post("application/json;charset=evil", "{}"));
        inputs.put("a body that is no JSON", post("application/json", "{"));
        inputs.put("a body that is no UTF-8", post("application/json", "{\"refresh_token\":\"\u00ff\"}"));
        inputs.put("NUL in a field", post("application/json", "{\"refresh_token\":\"a\\u0000b\"}"));
        inputs.put("half of a pair in a field", post("application/json", "{\"refresh_token\":\"a\\ud800b\"}"));
        inputs.put("a form where JSON is", post("application/x-www-form-urlencoded", "a=%zz"));
        inputs.put("a multipart that is none", post("multipart/form-data", "x"));
        inputs.put(
                "a length that is none", "POST /api/v1/auth/refresh HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n");
        inputs.put("a method that is none", "EVIL /api/v1/livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        inputs.put("no HTTP", "evil\r\n\r\n");
        inputs.put("no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
        inputs.put("an encoded slash", get("/api/v1/orgs%2f1"));
        inputs.put("a header that is too long", get("/api/v1/livez", "X: " + "x".repeat(100_000) + "\r\n"));
        inputs.put("an address that is too long", get("/" + "x".repeat(100_000)));
        inputs.put("an unknown expectation", get("/api/v1/livez", "Expect: magic\r\n"));
        inputs.put(
                "an unknown coding",
                "POST /api/v1/orgs HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nConnection: close\r\n\r\n");
        inputs.put("a socket without its handshake", get("/ws/client"));
        inputs.put("a method that probes don't use", get("/livez").replaceFirst("GET", "TRACE"));
        inputs.put("a method that probes could use", get("/readyz").replaceFirst("GET", "POST"));
        return inputs;
    }

    @Test
    void a_malformed_request_is_refused_as_its_senders_and_costs_one_short_line_at_most() throws Exception {
        Map<String, Integer> statuses = new LinkedHashMap<>();
        for (Map.Entry<String, String> input : malformed().entrySet()) {
            int before = plane.log().length();
            int status = 0;
            for (int i = 0; i < TIMES; i++) {
                String answer = answer(input.getValue());
                status = status(answer);
                assertThat(answer)
                        .as("a body for programs: " + input.getKey())
                        .contains("\r\nContent-Type: application/problem+json", "\"error\":{\"code\":");
                if (status == 405) {
                    assertThat(answer).as(input.getKey()).contains("\r\nAllow: ");
                }
            }
            statuses.put(input.getKey(), status);
            assertCheap(input.getKey(), before);
        }
        assertThat(statuses)
                .allSatisfy((name, status) -> assertThat(status).as(name).isBetween(400, 499));
    }

    @Test
    void a_request_that_breaks_off_costs_one_short_line_at_most() throws Exception {
        String head = "POST /api/v1/auth/refresh HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
        for (String part : List.of(
                head,
                head + "Content-Length: 9\r\n\r\n",
                head + "Content-Length: 9\r\n\r\n{",
                head + "Transfer-Encoding: chunked\r\n\r\n9\r\n{",
                head + "Transfer-Encoding: chunked\r\n\r\nz",
                get("/api/v1/openapi.json").substring(0, 60))) {
            int before = plane.log().length();
            for (int i = 0; i < TIMES; i++) {
                breakOff(part);
            }
            TimeUnit.SECONDS.sleep(1); // the other side notices
            assertCheap(part, before);
        }
        assertThat(plane.call("GET", "/orgs", bearer, null).status()).isEqualTo(200);
    }

    @Test
    void an_operation_that_must_not_answer_for_others_answers_as_itself() throws Exception {
        // What the library behind understands beyond HTTP: other methods, types and descriptions by query or header.
        assertThat(status(answer(get("/api/v1/?_wadl")))).isBetween(400, 499);
        Answer overridden = plane.call("GET", "/orgs", bearer, null, "X-HTTP-Method-Override", "DELETE");
        assertThat(overridden.status()).isEqualTo(200);
    }

    @Test
    void hostile_text_in_a_field_forges_no_line_of_the_log() throws Exception {
        int before = plane.log().length();
        String forged = "02:00:00.000 INFO  Presence host online host_id=\\\"FORGED\\\"";
        for (String evil : List.of("\\n", "\\r\\n", "\\u0085", "\\u2028", "\\u202e", "\\u009b31m", "x\\\" key=\\\"")) {
            plane.call("POST", "/orgs", bearer, "{\"name\":\"a" + evil + forged + "\",\"slug\":\"a" + evil + "\"}");
        }
        assertThat(plane.log().substring(before).lines()).noneMatch(line -> line.startsWith("02:00"));
        assertThat(plane.log().substring(before)).doesNotContain("\u0085", "\u2028", "\u202e", "\u009b");
    }

    private static void assertCheap(String what, int before) throws Exception {
        String grown = plane.log().substring(before);
        assertThat(grown.length()).as(what + ":\n" + grown).isLessThan(TIMES * 250);
        FaultsTest.noStackTrace(grown.lines().toList());
    }

    private static SSLSocket socket() throws Exception {
        SSLSocket socket = (SSLSocket) plane.tls(null).getSocketFactory().createSocket("127.0.0.1", plane.apiPort);
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static String answer(String request) throws Exception {
        try (SSLSocket socket = socket()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                socket.getInputStream().transferTo(answer);
            } catch (IOException e) {
                assertThat(answer.size()).as("cut off without an answer").isPositive();
            }
            return answer.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private static void breakOff(String part) throws Exception {
        try (SSLSocket socket = socket()) {
            socket.getOutputStream().write(part.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static int status(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 ");
        return Integer.parseInt(answer.substring(9, 12));
    }
}
