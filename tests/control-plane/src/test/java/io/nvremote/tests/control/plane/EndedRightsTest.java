// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A right that ends ends everything that rests on it: requests, sockets, the running session on both sides and at the gateway.
 * Over the real control plane and gateway, with the times it took. Whoever ends a right may do it in the database, by whatever
 * way: that is where it is looked for.
 */
class EndedRightsTest {

    /** What a session's end may take; by the database's clock at both ends, so that a slow test takes nothing from it. */
    private static final long SESSION_MILLIS = 10_000;

    /** What is known of a right may be that old where another process ended it. */
    private static final long KNOWN_MILLIS = 5_000;

    private static final HttpClient METRICS = HttpClient.newHttpClient();

    private static RunningControlPlane plane;
    private static String admin;
    private static int metricsPort;
    private static int orgs;

    /** What ends, the reason that the session's row and both ends are told, and whose socket closes with what. */
    enum Cause {
        CERTIFICATE_REVOKED("host_revoked", "CERTIFICATE_REVOKED") {
            @Override
            void happen(Setting at) throws Exception {
                at.sql("UPDATE nvremote.host_certificates SET revoked_at = now() WHERE host_id = '$host'");
            }
        },
        HOST_DELETED("host_revoked", "CERTIFICATE_REVOKED") {
            @Override
            void happen(Setting at) throws Exception {
                at.sql("UPDATE nvremote.hosts SET deleted_at = now() WHERE id = '$host'");
            }
        },
        ORG_DELETED("host_revoked", "RIGHTS_CHANGED") {
            @Override
            void happen(Setting at) throws Exception {
                at.sql("UPDATE nvremote.orgs SET deleted_at = now() WHERE id = '$org'");
            }
        },
        MEMBER_REMOVED("member_removed", "RIGHTS_CHANGED") {
            @Override
            void happen(Setting at) throws Exception {
                at.sql("DELETE FROM nvremote.org_members WHERE user_id = '$user' AND org_id = '$org'");
            }
        },
        MEMBER_DEMOTED("member_removed", "RIGHTS_CHANGED") {
            @Override
            void happen(Setting at) throws Exception {
                at.sql("UPDATE nvremote.org_members SET role = 'GUEST' WHERE user_id = '$user' AND org_id = '$org'");
            }
        },
        USER_DELETED("user_deleted", "TOKEN_INVALID") {
            @Override
            void happen(Setting at) throws Exception {
                at.sql("UPDATE nvremote.users SET deleted_at = now() WHERE id = '$user'");
            }
        },
        USER_DISABLED("user_disabled", "USER_DISABLED") {
            @Override
            void happen(Setting at) throws Exception {
                assertThat(operator("disable", at.user)).contains("\"ok\":true");
            }
        },
        SIGNED_OUT("sign_in_ended", "TOKEN_INVALID") {
            @Override
            void happen(Setting at) throws Exception {
                assertThat(plane.call(
                                        "POST",
                                        "/auth/logout",
                                        null,
                                        "{\"refresh_token\":\"" + at.tokens.refresh() + "\"}")
                                .status())
                        .isEqualTo(204);
            }
        },
        ENDED_BY_ITS_USER("sign_in_ended", "TOKEN_INVALID") {
            @Override
            void happen(Setting at) throws Exception {
                for (JsonNode one : plane.call("GET", "/users/me/sign-ins", at.member, null)
                        .body()
                        .path("items")) {
                    if (one.path("current").asBoolean()) {
                        String address = "/users/me/sign-ins/" + one.path("id").asText();
                        assertThat(plane.call("DELETE", address, at.member, null)
                                        .status())
                                .isEqualTo(204);
                    }
                }
            }
        },
        ENDED_BY_AN_ADMIN("sign_in_ended", "TOKEN_INVALID") {
            @Override
            void happen(Setting at) throws Exception {
                String address = "/orgs/" + at.org + "/members/" + at.user + "/sign-ins";
                assertThat(plane.call("DELETE", address, admin, null).status()).isEqualTo(204);
                assertThat(plane.number(
                                "SELECT count(*) FROM nvremote.audit_log WHERE event_type = 'EMERGENCY_REVOCATION'"
                                        + " AND org_id = '" + at.org + "' AND resource_id = '" + at.user + "'"))
                        .isEqualTo(1);
            }
        },
        SIGN_IN_REVOKED("sign_in_ended", "TOKEN_INVALID") {
            @Override
            void happen(Setting at) throws Exception {
                at.sql("UPDATE nvremote.refresh_tokens SET revoked_at = now() WHERE user_id = '$user'");
            }
        };

        final String reason;
        final String closedWith;

        Cause(String reason, String closedWith) {
            this.reason = reason;
            this.closedWith = closedWith;
        }

        abstract void happen(Setting at) throws Exception;

        boolean ofHost() {
            return closedWith.equals("CERTIFICATE_REVOKED");
        }

        /** Done by the control plane itself, which needs not look for it. */
        boolean own() {
            return this == USER_DISABLED
                    || this == SIGNED_OUT
                    || this == ENDED_BY_ITS_USER
                    || this == ENDED_BY_AN_ADMIN;
        }
    }

    /** A member with a session that runs on a host of an organisation of their own. */
    private static final class Setting {
        final RunningControlPlane.Tokens tokens;
        final String member;
        final String user;
        final String org;
        final EnrolledHost host;
        final Socket line;
        final Socket client;
        final String session;

        Setting() throws Exception {
            String slug = "org-" + ++orgs;
            org = plane.call("POST", "/orgs", admin, "{\"name\":\"a\",\"slug\":\"" + slug + "\"}")
                    .body()
                    .get("id")
                    .asText();
            tokens = plane.signIn("member");
            member = "Bearer " + tokens.access();
            user = plane.call("GET", "/users/me", member, null)
                    .body()
                    .at("/user/id")
                    .asText();
            plane.sql("INSERT INTO nvremote.org_members (org_id, user_id, role) VALUES ('" + org + "', '" + user
                    + "', 'MEMBER')");
            host = EnrolledHost.in(plane, org, admin);
            line = host.online();
            client = Socket.open(plane, plane.apiPort, "/ws/client", null);
            client.send("{\"type\":\"auth\",\"token\":\"" + tokens.access() + "\"}");
            client.await("hosts_complete");
            session = host.session(line, member).get("session_id").asText();
        }

        void sql(String statement) throws Exception {
            plane.sql(statement.replace("$host", host.id).replace("$user", user).replace("$org", org));
        }

        /** Whether a request that rests on the right is refused for it: the host's for its next certificate, the member's. */
        boolean refused(Cause cause) throws Exception {
            return cause.ofHost()
                    ? host.comeBack().status() == 403
                    : List.of(401, 403, 404)
                            .contains(plane.call("GET", "/hosts/" + host.id, member, null)
                                    .status());
        }

        void close() throws Exception {
            line.abort();
            client.abort();
            plane.sql("UPDATE nvremote.users SET deleted_at = NULL, disabled_at = NULL WHERE id = '" + user + "'");
        }
    }

    @BeforeAll
    static void start() throws Exception {
        plane = new RunningControlPlane("admin", "member");
        metricsPort = RunningControlPlane.freePort();
        plane.startGateway(config -> ((ObjectNode) config.get("io.nvremote.gateway")).put("metrics.port", metricsPort));
        admin = "Bearer " + plane.signIn("admin").access();
        for (int i = 0; i < 240 && plane.number("SELECT count(*) FROM nvremote.addr_slots") == 0; i++) {
            TimeUnit.MILLISECONDS.sleep(250); // until the gateway is announced
        }
    }

    @AfterAll
    static void stop() throws Exception {
        METRICS.close();
        if (plane != null) {
            plane.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Cause.class)
    void everything_that_rests_on_it_ends(Cause cause) throws Exception {
        int others = relayed();
        Setting at = new Setting();
        try {
            awaitRelayed(others + 1);
            String before = plane.text("SELECT clock_timestamp()");
            long from = System.nanoTime();
            cause.happen(at);

            if (cause.own()) {
                assertThat(at.refused(cause)).as("at once").isTrue();
            }
            awaitRefused(at, cause);
            long refused = millisSince(from);
            String told = at.line.await("session_terminate");
            assertThat(told).contains(at.session).contains(cause.reason);
            assertThat(at.client.await("TERMINATED")).contains(at.session);
            if (cause == Cause.HOST_DELETED) {
                assertThat(at.client.await("host_removed")).contains(at.host.id);
            }
            Socket closed = cause.ofHost() ? at.line : at.client;
            assertThat(closed.closed()).isEqualTo(1008);
            long socket = millisSince(from);
            assertThat(closed.reason()).isEqualTo(cause.closedWith);
            if (cause.ofHost()) {
                assertThat(at.host.dial().reason()).isEqualTo("CERTIFICATE_REFUSED");
            }
            awaitRelayed(others);
            long relayed = millisSince(from);
            assertThat(plane.text("SELECT end_reason FROM nvremote.sessions WHERE id = '" + at.session + "'"))
                    .isEqualTo(cause.reason);
            long session = plane.number("SELECT (extract(epoch FROM at - '" + before
                    + "'::timestamptz) * 1000)::bigint FROM nvremote.audit_log WHERE session_id = '" + at.session
                    + "' AND event_type IN ('SESSION_TERMINATED', 'SESSION_FORCE_TERMINATED')");
            System.out.printf(
                    "%-20s request refused %5d ms, session ended %5d ms, socket closed %5d ms, gateway empty %5d ms%n",
                    cause, refused, session, socket, relayed);
            assertThat(session).as("by the log's own times").isBetween(0L, SESSION_MILLIS);
        } finally {
            at.close();
        }
    }

    /** The end of a right is known to the API within its bound, counted by its answers and not by this test's speed. */
    private static void awaitRefused(Setting at, Cause cause) throws Exception {
        long from = System.nanoTime();
        while (true) {
            long asked = millisSince(from);
            if (at.refused(cause)) {
                return;
            }
            assertThat(asked)
                    .as("asked so long after the end, and still served")
                    .isLessThan(KNOWN_MILLIS);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static long millisSince(long from) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from);
    }

    /** How many sessions the gateway holds. */
    private static int relayed() throws Exception {
        String page = METRICS.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metricsPort + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return page.lines()
                .filter(line -> line.startsWith("nvremote_gateway_sessions "))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElseThrow(() -> new AssertionError(page));
    }

    private static void awaitRelayed(int sessions) throws Exception {
        for (int i = 0; i < 240 && relayed() != sessions; i++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(relayed()).as("sessions at the gateway").isEqualTo(sessions);
    }

    private static String operator(String command, String user) throws Exception {
        try (SocketChannel channel =
                SocketChannel.open(UnixDomainSocketAddress.of(plane.folder.resolve("data/operator.sock")))) {
            channel.write(ByteBuffer.wrap(
                    RunningControlPlane.JSON.writeValueAsBytes(Map.of("command", command, "user", user))));
            channel.shutdownOutput();
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void a_disabled_person_is_told_so_by_every_way_back_in_until_the_account_is_enabled() throws Exception {
        RunningControlPlane.Tokens tokens = plane.signIn("member");
        URI waiting = plane.browse("member");
        JsonNode disabled = RunningControlPlane.JSON.readTree(operator("disable", "member@example.com"));
        assertThat(disabled.at("/user/email").asText()).isEqualTo("member@example.com");
        String user = disabled.at("/user/id").asText();

        RunningControlPlane.Answer refresh =
                plane.call("POST", "/auth/refresh", null, "{\"refresh_token\":\"" + tokens.refresh() + "\"}");
        assertThat(refresh.status()).isEqualTo(403);
        assertThat(refresh.code()).isEqualTo("USER_DISABLED");
        assertThat(refresh.body().at("/error/message").asText())
                .isEqualTo("your account is disabled; ask your administrator");
        RunningControlPlane.Answer exchange = plane.exchange(waiting);
        assertThat(exchange.code()).isEqualTo("USER_DISABLED");
        assertThat(plane.number("SELECT count(*) FROM nvremote.refresh_tokens WHERE user_id = '" + user
                        + "' AND revoked_at IS NULL"))
                .as("no sign-in of theirs lives")
                .isZero();
        HttpResponse<String> page = plane.browser("member");
        assertThat(page.statusCode()).isEqualTo(403);
        assertThat(page.body()).contains("your account is disabled; ask your administrator");
        assertThat(plane.call("GET", "/users/me", "Bearer " + tokens.access(), null)
                        .status())
                .isEqualTo(401);
        Socket client = Socket.open(plane, plane.apiPort, "/ws/client", null);
        client.send("{\"type\":\"auth\",\"token\":\"" + tokens.access() + "\"}");
        assertThat(client.await("\"error\"")).contains("TOKEN_INVALID");

        assertThat(operator("enable", user)).contains("\"disabled_at\":null");
        assertThat(plane.call("GET", "/users/me", "Bearer " + tokens.access(), null)
                        .status())
                .as("what was ended stays ended")
                .isEqualTo(401);
        plane.signIn("member");
        assertThat(plane.text("SELECT string_agg(event_type || ' ' || actor_agent, ', ' ORDER BY seq)"
                        + " FROM nvremote.audit_log WHERE resource_id = '" + user
                        + "' AND event_type IN ('USER_DISABLED', 'USER_ENABLED') AND at > now() - interval '1 minute'"))
                .endsWith("USER_DISABLED operator " + System.getProperty("user.name") + ", USER_ENABLED operator "
                        + System.getProperty("user.name"));
    }
}
