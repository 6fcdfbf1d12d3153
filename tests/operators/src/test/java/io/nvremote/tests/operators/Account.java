// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.operators;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;

/**
 * Somebody at the API of a control plane with the demo's identity provider, over its loopback port.
 *
 * @param token empty for who has not signed in
 */
record Account(int port, String token) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String VERIFIER = "v".repeat(43);
    private static final String REDIRECT = "http://127.0.0.1:4444/callback";

    record Answer(int status, JsonNode body) {

        /** Status and code of a failure. */
        String said() {
            return status + " " + body.at("/error/code").asText();
        }
    }

    /** Signs in as a native client would, with the form of the development page posted instead of clicked. */
    static Account signIn(int port, String user) throws Exception {
        String challenge = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII)));
        URI page = location(visit(
                "GET",
                URI.create("http://127.0.0.1:" + port + "/api/v1/auth/authorize?response_type=code"
                        + "&client_id=nvremote-client&redirect_uri=" + REDIRECT + "&code_challenge=" + challenge
                        + "&code_challenge_method=S256&state=state-of-client"),
                ""));
        URI form = URI.create(page.toString().substring(0, page.toString().indexOf('?')));
        URI callback = location(visit("POST", form, page.getRawQuery() + "&user=" + user));
        String back = location(visit("GET", callback, "")).getQuery();
        String code = back.replaceAll("(^|.*&)code=([^&]*).*", "$2");
        String body =
                JSON.writeValueAsString(Map.of("code", code, "code_verifier", VERIFIER, "redirect_uri", REDIRECT));
        return new Account(
                port,
                new Account(port, "")
                        .ask("POST", "/auth/google", body)
                        .body()
                        .path("access_token")
                        .asText());
    }

    private static HttpResponse<String> visit(String method, URI uri, String form) throws Exception {
        return send(HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .method(method, HttpRequest.BodyPublishers.ofString(form)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static URI location(HttpResponse<String> answer) {
        return URI.create(answer.headers()
                .firstValue("Location")
                .orElseThrow(() -> new AssertionError(answer.uri() + ": " + answer.statusCode() + answer.body())));
    }

    /** @param body empty for none */
    Answer ask(String method, String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> answer = send(request);
        return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
    }
}
