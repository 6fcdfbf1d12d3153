// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.tests.control.plane.RunningControlPlane.Answer;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connecting and disconnecting over the real control plane and gateway, with a host that is this test. */
class ConnectTest {

    private static final String CLIENT_KEY = "A".repeat(42) + "E=";
    private static final String HOST_KEY = "B".repeat(42) + "E=";

    private static RunningControlPlane plane;
    private static String bearer;
    private static String org;
    private static String host;
    private static HostKey key;
    private static String certificate;
    private Socket socket;

    @BeforeAll
    static void start() throws Exception {
        plane = new RunningControlPlane("admin", "colleague");
        plane.startGateway();
        bearer = "Bearer " + plane.signIn("admin").access();
        org = plane.call("POST", "/orgs", bearer, "{\"name\":\"a\",\"slug\":\"aa\"}")
                .body()
                .get("id")
                .asText();
        key = HostKey.make(plane.folder);
        JsonNode identity = enrolled(key);
        host = identity.get("host_id").asText();
        certificate = identity.get("certificate").asText();
        for (int i = 0; i < 240 && plane.number("SELECT count(*) FROM nvremote.addr_slots") == 0; i++) {
            Thread.sleep(250); // until the gateway is announced
        }
    }

    private static JsonNode enrolled(HostKey key) throws Exception {
        String token = plane.call("POST", "/orgs/" + org + "/hosts/bootstrap-token", bearer, "{}")
                .body()
                .get("token")
                .asText();
        return plane.call("POST", "/orgs/" + org + "/hosts", "Bootstrap " + token, key.registration())
                .body();
    }

    @AfterAll
    static void stop() throws Exception {
        if (plane != null) {
            plane.close();
        }
    }

    @AfterEach
    void disconnect() {
        if (socket != null) {
            socket.abort();
        }
    }

    private void comeOnline() throws Exception {
        socket = Socket.open(plane, plane.hostPort, "/ws/host", key.managers(certificate));
        socket.await("ready");
    }

    private static CompletableFuture<Answer> connect(String idempotencyKey) {
        return connect(bearer, idempotencyKey);
    }

    private static CompletableFuture<Answer> connect(String who, String idempotencyKey) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return plane.call(
                        "POST",
                        "/sessions",
                        who,
                        "{\"host_id\":\"" + host + "\",\"client_public_key\":\"" + CLIENT_KEY + "\"}",
                        "Idempotency-Key",
                        idempotencyKey);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private static CompletableFuture<Answer> connect() {
        return connect(UUID.randomUUID().toString());
    }

    private JsonNode offer() throws Exception {
        return RunningControlPlane.JSON.readTree(socket.await("session_offer"));
    }

    private static String ready(JsonNode offer) {
        return "{\"type\":\"session_answer\",\"session_id\":" + offer.get("session_id") + ",\"status\":\"READY\","
                + "\"host_public_key\":\"" + HOST_KEY + "\"}";
    }

    private static void nothingIsAllocated() throws Exception {
        assertThat(plane.number("SELECT count(*) FROM nvremote.sessions WHERE status IN ('PENDING', 'ACTIVE')"))
                .isZero();
        assertThat(plane.number("SELECT count(*) FROM nvremote.addr_slots WHERE session_id IS NOT NULL"))
                .isZero();
    }

    @Test
    void a_ready_host_gives_keys_addresses_and_a_ticket_and_disconnecting_gives_all_back() throws Exception {
        comeOnline();
        String idempotencyKey = UUID.randomUUID().toString();
        CompletableFuture<Answer> asked = connect(idempotencyKey);
        JsonNode offer = offer();
        assertThat(offer.get("client_public_key").asText()).isEqualTo(CLIENT_KEY);
        socket.send(ready(offer));
        Answer answer = asked.get();
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        assertThat(answer.body().get("status").asText()).isEqualTo("ACTIVE");
        assertThat(answer.body().get("host_public_key").asText()).isEqualTo(HOST_KEY);
        assertThat(answer.body().get("client_tunnel_ip")).isEqualTo(offer.get("client_tunnel_ip"));
        assertThat(answer.body().get("relay_ticket")).isNotEqualTo(offer.get("relay_ticket"));
        assertThat(connect(idempotencyKey).get().body()).isEqualTo(answer.body());

        String session = answer.body().get("session_id").asText();
        assertThat(plane.call("DELETE", "/sessions/" + session, bearer, null).status())
                .isEqualTo(204);
        assertThat(socket.await("session_terminate")).contains(session).contains("user_disconnect");
        socket.send("{\"type\":\"session_closed\",\"session_id\":\"" + session + "\",\"reason\":\"asked\"}");
        assertThat(plane.call("GET", "/sessions/" + session, bearer, null)
                        .body()
                        .get("status")
                        .asText())
                .isEqualTo("TERMINATED");
        nothingIsAllocated();
    }

    @Test
    void a_user_whose_client_is_gone_gets_the_host_at_once_and_another_user_does_not() throws Exception {
        comeOnline();
        CompletableFuture<Answer> asked = connect();
        socket.send(ready(offer()));
        String dead = asked.get().body().get("session_id").asText();
        assertThat(connect(colleague(), UUID.randomUUID().toString()).get().code())
                .isEqualTo("SESSION_HOST_BUSY");

        CompletableFuture<Answer> again = connect();
        assertThat(socket.await("session_terminate")).contains(dead).contains("replaced");
        JsonNode offer = offer();
        socket.send("{\"type\":\"session_closed\",\"session_id\":\"" + dead + "\",\"reason\":\"terminated\"}");
        socket.send(ready(offer));
        assertThat(again.get().status()).as(again.get().body().toString()).isEqualTo(201);
        JsonNode before = plane.call("GET", "/sessions/" + dead, bearer, null).body();
        assertThat(before.get("status").asText()).isEqualTo("TERMINATED");
        assertThat(before.toString()).contains("replaced");
        assertThat(plane.number("SELECT count(*) FROM nvremote.audit_log WHERE event_type = 'SESSION_TERMINATED'"
                        + " AND session_id = '" + dead + "'"))
                .isEqualTo(1);
        end(again.get());
        nothingIsAllocated();
    }

    @Test
    void of_two_requests_of_one_user_at_once_the_later_gets_the_host_and_the_earlier_is_told() throws Exception {
        comeOnline();
        CompletableFuture<Answer> earlier = connect();
        JsonNode first = offer();
        CompletableFuture<Answer> later = connect();
        assertThat(socket.await("session_terminate"))
                .contains(first.get("session_id").asText())
                .contains("replaced");
        assertThat(earlier.get().code()).isEqualTo("SESSION_ENDED");
        socket.send(ready(first)); // too late
        socket.send(ready(offer()));
        assertThat(later.get().status()).as(later.get().body().toString()).isEqualTo(201);
        end(later.get());
        nothingIsAllocated();
    }

    private static void end(Answer connected) throws Exception {
        String session = connected.body().get("session_id").asText();
        assertThat(plane.call("DELETE", "/sessions/" + session, bearer, null).status())
                .isEqualTo(204);
    }

    /** The token of another member of the organisation. */
    private static String colleague() throws Exception {
        String token = "Bearer " + plane.signIn("colleague").access();
        String user = plane.call("GET", "/users/me", token, null)
                .body()
                .at("/user/id")
                .asText();
        plane.sql("INSERT INTO nvremote.org_members (org_id, user_id, role) VALUES ('" + org + "', '" + user
                + "', 'MEMBER')");
        return token;
    }

    @Test
    void a_host_that_refuses_is_said_so() throws Exception {
        comeOnline();
        CompletableFuture<Answer> asked = connect();
        socket.send("{\"type\":\"session_answer\",\"session_id\":" + offer().get("session_id")
                + ",\"status\":\"REJECTED\",\"reason\":\"no screen\"}");
        assertThat(asked.get().status()).isEqualTo(409);
        assertThat(asked.get().code()).isEqualTo("SESSION_REJECTED");
        assertThat(asked.get().body().at("/error/message").asText()).contains("no screen");
        nothingIsAllocated();
    }

    @ParameterizedTest
    @CsvSource({
        "AAAA, a public key is not the base64 of 32 bytes",
        "-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEE=, a public key is not base64",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=, a public key is a point of low order",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEF=, a public key is not the base64 of 32 bytes"
    })
    void a_client_s_key_that_is_none_is_refused_and_no_host_asked(String key, String sentence) throws Exception {
        comeOnline();
        Answer answer = plane.call(
                "POST", "/sessions", bearer, "{\"host_id\":\"" + host + "\",\"client_public_key\":\"" + key + "\"}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("SESSION_KEY_INVALID");
        assertThat(answer.body().at("/error/message").asText()).contains(sentence);
        nothingIsAllocated();
    }

    @Test
    void a_path_that_is_none_is_refused() throws Exception {
        Answer answer = plane.call(
                "POST",
                "/sessions",
                bearer,
                "{\"host_id\":\"" + host + "\",\"client_public_key\":\"" + CLIENT_KEY + "\",\"path\":\"RELAY\"}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("FIELD_INVALID");
        assertThat(answer.body().at("/error/message").asText()).contains("path must be auto or relay");
    }

    @Test
    void a_host_that_answers_with_a_key_of_low_order_breaks_the_protocol_and_all_is_given_back() throws Exception {
        comeOnline();
        CompletableFuture<Answer> asked = connect();
        socket.send(ready(offer()).replace(HOST_KEY, "A".repeat(43) + "="));
        assertThat(socket.await("error")).contains("INVALID_FIELD").contains("host_public_key");
        assertThat(socket.closed()).isEqualTo(1008);
        assertThat(asked.get().status()).isEqualTo(409);
        assertThat(asked.get().code()).isEqualTo("SESSION_HOST_OFFLINE");
        nothingIsAllocated();
    }

    @Test
    void a_host_that_does_not_answer_fails_the_connect_and_is_told_to_stop() throws Exception {
        comeOnline();
        CompletableFuture<Answer> asked = connect();
        offer();
        assertThat(asked.get().status()).isEqualTo(504);
        assertThat(asked.get().code()).isEqualTo("SESSION_HOST_SILENT");
        assertThat(socket.await("session_terminate")).contains("session_host_silent");
        nothingIsAllocated();
    }

    @Test
    void a_host_that_goes_away_while_asked_fails_the_connect_at_once() throws Exception {
        comeOnline();
        CompletableFuture<Answer> asked = connect();
        offer();
        socket.abort();
        assertThat(asked.get().code()).isEqualTo("SESSION_HOST_OFFLINE");
        nothingIsAllocated();
        assertThat(connect().get().code()).isEqualTo("SESSION_HOST_OFFLINE");
    }

    @Test
    void a_host_may_not_answer_the_offer_of_another() throws Exception {
        comeOnline();
        HostKey otherKey = HostKey.make(plane.folder);
        JsonNode other = enrolled(otherKey);
        Socket intruder = Socket.open(
                plane,
                plane.hostPort,
                "/ws/host",
                otherKey.managers(other.get("certificate").asText()));
        intruder.await("ready");
        CompletableFuture<Answer> asked = connect();
        JsonNode offer = offer();
        intruder.send(ready(offer));
        assertThat(intruder.await("error")).contains("NOT_ALLOWED");
        assertThat(intruder.closed()).isEqualTo(1008);
        assertThat(plane.number("SELECT count(*) FROM nvremote.audit_log WHERE event_type = 'ACCESS_DENIED'"))
                .isPositive();
        socket.send(ready(offer));
        assertThat(asked.get().status()).isEqualTo(201);
        String session = asked.get().body().get("session_id").asText();
        socket.send("{\"type\":\"session_closed\",\"session_id\":\"" + session + "\",\"reason\":\"stopped\"}");
        socket.await("session_terminate");
        nothingIsAllocated();
    }

    @Test
    void a_session_that_the_host_lost_is_ended_when_it_reconnects() throws Exception {
        comeOnline();
        CompletableFuture<Answer> asked = connect();
        socket.send(ready(offer()));
        String session = asked.get().body().get("session_id").asText();
        socket.abort();
        comeOnline();
        socket.send("{\"type\":\"session_list\",\"session_ids\":[]}");
        socket.await("session_terminate");
        assertThat(plane.call("GET", "/sessions/" + session, bearer, null)
                        .body()
                        .get("status")
                        .asText())
                .isEqualTo("FAILED");
        nothingIsAllocated();
    }

    @Test
    void a_host_renews_its_certificate_over_its_socket_and_the_new_one_takes_over() throws Exception {
        comeOnline();
        socket.send("{\"type\":\"certificate_request\",\"csr\":\"rubbish\"}");
        socket.await("CSR_REFUSED");
        HostKey next = HostKey.make(plane.folder);
        String request = RunningControlPlane.JSON.writeValueAsString(
                Map.of("type", "certificate_request", "csr", next.request()));
        socket.send(request);
        JsonNode renewed = RunningControlPlane.JSON.readTree(socket.await("\"certificate\""));
        Socket old = socket;
        socket = Socket.open(
                plane,
                plane.hostPort,
                "/ws/host",
                next.managers(renewed.get("certificate").asText()));
        socket.await("ready");
        assertThat(old.closed()).as("replaced").isEqualTo(1008);
        CompletableFuture<Answer> asked = connect();
        JsonNode offer = offer();
        socket.send(ready(offer));
        assertThat(asked.get().status()).isEqualTo(201);
        socket.send(
                "{\"type\":\"session_closed\",\"session_id\":" + offer.get("session_id") + ",\"reason\":\"stopped\"}");

        for (int valid = 2; valid < 8; valid++) {
            socket.send(request);
            socket.await("\"certificate\"");
        }
        socket.send(request);
        socket.await("CERTIFICATES_FULL");
    }
}
