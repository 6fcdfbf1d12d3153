// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.tests.control.plane.DocumentedRequests.Made;
import io.nvremote.tests.control.plane.DocumentedRequests.Operation;
import io.nvremote.tests.control.plane.RunningControlPlane.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every operation of the OpenAPI document, asked by every kind of caller on the real control plane. Requests are made of the document;
 * what each caller may expect is made of the operation's {@code x-role}. What it does for those who are let in is told by other tests.
 */
class RolesTest {

    private static RunningControlPlane plane;
    private static DocumentedRequests requests;
    private static HttpClient withCertificate;
    private static String org;
    private static final Map<String, String> BEARER = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws Exception {
        plane = new RunningControlPlane("admin", "member", "colleague", "guest", "stranger");
        for (String user : List.of("admin", "member", "colleague", "guest", "stranger")) {
            BEARER.put(user, signedIn(user));
        }
        org = created("admin", "ours");
        created("stranger", "theirs");
        for (String user : List.of("member", "colleague", "guest")) {
            plane.sql(
                    "INSERT INTO nvremote.org_members (org_id, user_id, role) VALUES (?, ?, ?)",
                    UUID.fromString(org),
                    UUID.fromString(id(user)),
                    user.equals("guest") ? "GUEST" : "MEMBER");
        }
        requests = new DocumentedRequests(plane, org, id("member"));
        withCertificate = HttpClient.newBuilder()
                .sslContext(EnrolledHost.in(plane, org, BEARER.get("admin")).tls())
                .build();
    }

    @AfterAll
    static void stop() throws Exception {
        if (plane != null) {
            withCertificate.close();
            plane.close();
        }
    }

    private static String signedIn(String user) {
        try {
            return "Bearer " + plane.signIn(user).access();
        } catch (Exception e) {
            throw new AssertionError(user, e);
        }
    }

    private static String created(String user, String slug) throws Exception {
        return plane.call("POST", "/orgs", BEARER.get(user), "{\"name\":\"a\",\"slug\":\"" + slug + "\"}")
                .body()
                .get("id")
                .asText();
    }

    private static String id(String user) throws Exception {
        return plane.call("GET", "/users/me", BEARER.get(user), null)
                .body()
                .at("/user/id")
                .asText();
    }

    /** How an operation takes somebody. */
    private enum Verdict {
        NO_TOKEN,
        OTHER_TOKEN,
        HIDDEN,
        ROLE,
        LET_IN
    }

    /** What the role says for somebody who has signed in. The member is whom the session belongs to. */
    private static Verdict expected(Operation operation, String caller) {
        return switch (operation.role()) {
            case "none" -> operation.otherToken() ? Verdict.OTHER_TOKEN : Verdict.LET_IN;
            case "user" -> Verdict.LET_IN;
            case "guest" -> among(caller, "guest", "member", "colleague", "admin");
            case "member" -> among(caller, "member", "colleague", "admin");
            case "admin" -> among(caller, "admin");
            case "owner" -> among(caller, "member", "admin");
            default -> throw new AssertionError(operation + " has no role");
        };
    }

    private static Verdict among(String caller, String... letIn) {
        return caller.equals("stranger")
                ? Verdict.HIDDEN
                : List.of(letIn).contains(caller) ? Verdict.LET_IN : Verdict.ROLE;
    }

    private static Verdict withoutToken(Operation operation) {
        return operation.role().equals("none")
                ? operation.otherToken() ? Verdict.OTHER_TOKEN : Verdict.LET_IN
                : Verdict.NO_TOKEN;
    }

    private static Verdict verdict(int status, String code, boolean otherToken) {
        if (status == 401 && otherToken) {
            return Verdict.OTHER_TOKEN;
        }
        if (status == 401 && code.equals("TOKEN_MISSING")) {
            return Verdict.NO_TOKEN;
        }
        if (status == 403 && code.equals("ROLE_INSUFFICIENT")) {
            return Verdict.ROLE;
        }
        if (status == 404 && code.matches("(ORG|HOST|SESSION|SESSION_HOST)_UNKNOWN")) {
            return Verdict.HIDDEN;
        }
        assertThat(status)
                .as("neither broken nor asked in a wrong way: " + code)
                .isNotIn(405, 415, 500);
        assertThat(code).as("there is something at the address").isNotEqualTo("NOT_FOUND");
        return Verdict.LET_IN;
    }

    @Test
    void every_operation_takes_every_kind_of_caller_as_its_role_says() throws Exception {
        Map<String, String> wrong = new TreeMap<>();
        List<Operation> operations = requests.operations();
        assertThat(operations).hasSizeGreaterThan(35);
        for (Operation operation : operations) {
            for (String caller : List.of("nobody", "guest", "member", "colleague", "admin", "stranger")) {
                Made request = requests.made(operation);
                Answer answer = plane.call(operation.method(), request.address(), BEARER.get(caller), request.body());
                if (operation.says().path("operationId").asText().equals("endAllSignIns")) {
                    BEARER.computeIfPresent(caller, (user, ended) -> signedIn(user));
                }
                Verdict expected = caller.equals("nobody") ? withoutToken(operation) : expected(operation, caller);
                Verdict found = verdict(answer.status(), answer.code(), operation.otherToken());
                if (found != expected) {
                    wrong.put(
                            caller + " at " + operation,
                            expected + " expected, " + answer.status() + " " + answer.code());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void a_host_s_certificate_is_no_token_at_any_operation() throws Exception {
        Map<String, String> wrong = new TreeMap<>();
        for (Operation operation : requests.operations()) {
            Made request = requests.made(operation);
            HttpResponse<String> answer = send(plane.apiPort, request);
            Verdict found = verdict(answer.statusCode(), code(answer), operation.otherToken());
            if (found != withoutToken(operation)) {
                wrong.put(operation.toString(), answer.statusCode() + " " + answer.body());
            }
            if (!operation.role().equals("none")) {
                int there = send(plane.hostPort, requests.made(operation)).statusCode();
                if (there != 401 && there != 404) {
                    wrong.put(operation + " at the hosts' port", Integer.toString(there));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static HttpResponse<String> send(int port, Made request) throws Exception {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/api/v1" + request.address()));
        if (request.body() != null) {
            builder.header("Content-Type", "application/json");
        }
        builder.method(
                request.operation().method(),
                request.body() == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(request.body()));
        return withCertificate.send(builder.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String code(HttpResponse<String> answer) throws Exception {
        boolean json = RunningControlPlane.isJson(answer);
        return json
                ? RunningControlPlane.JSON
                        .readTree(answer.body())
                        .at("/error/code")
                        .asText()
                : "";
    }

    /** The 22 operations that the architecture promises, and whom it promises them to; the names of parameters are its own. */
    private static final String PROMISED = """
            none POST /auth/google
            none POST /auth/refresh
            none POST /auth/logout
            user GET /users/me
            user PUT /users/me
            user POST /orgs
            member GET /orgs/:orgId
            admin PUT /orgs/:orgId
            member GET /orgs/:orgId/members
            admin POST /orgs/:orgId/members
            admin DELETE /orgs/:orgId/members/:userId
            admin PATCH /orgs/:orgId/members/:userId
            guest GET /orgs/:orgId/hosts
            none POST /orgs/:orgId/hosts
            member GET /hosts/:hostId
            admin DELETE /hosts/:hostId
            member GET /hosts/:hostId/status
            member POST /sessions
            owner GET /sessions/:sessionId
            owner DELETE /sessions/:sessionId
            user GET /sessions
            admin GET /orgs/:orgId/audit-logs
            """;

    @Test
    void the_22_operations_of_the_architecture_are_there_for_those_it_names() {
        Map<String, String> roles = new TreeMap<>();
        requests.operations().forEach(o -> roles.put(o.method() + " " + anyName(o.path()), o.role()));
        List<String> promised = PROMISED.lines().toList();
        assertThat(promised).hasSize(22).doesNotHaveDuplicates();
        assertThat(promised).allSatisfy(line -> {
            String[] words = line.split(" ");
            assertThat(roles.get(words[1] + " " + anyName(words[2]))).as(line).isEqualTo(words[0]);
        });
    }

    private static String anyName(String path) {
        return path.replaceAll(":\\w+|\\{\\w+}", "{}");
    }
}
