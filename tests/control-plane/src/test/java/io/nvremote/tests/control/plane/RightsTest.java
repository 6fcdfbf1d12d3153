// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rights that change, over the real control plane and gateway; those that end are in {@link EndedRightsTest}. */
class RightsTest {

    private static RunningControlPlane plane;
    private static String admin;
    private static String org;

    @BeforeAll
    static void start() throws Exception {
        plane = new RunningControlPlane("admin", "member");
        plane.startGateway();
        admin = "Bearer " + plane.signIn("admin").access();
        org = plane.call("POST", "/orgs", admin, "{\"name\":\"a\",\"slug\":\"aa\"}")
                .body()
                .get("id")
                .asText();
        for (int i = 0; i < 240 && plane.number("SELECT count(*) FROM nvremote.addr_slots") == 0; i++) {
            TimeUnit.MILLISECONDS.sleep(250); // until the gateway is announced
        }
    }

    @AfterAll
    static void stop() throws Exception {
        if (plane != null) {
            plane.close();
        }
    }

    @Test
    void a_role_that_grew_counts_at_once() throws Exception {
        String member = "Bearer " + plane.signIn("member").access();
        String user = plane.call("GET", "/users/me", member, null)
                .body()
                .at("/user/id")
                .asText();
        for (String role : List.of("GUEST", "MEMBER", "ADMIN")) {
            plane.sql("INSERT INTO nvremote.org_members (org_id, user_id, role) VALUES ('" + org + "', '" + user
                    + "', '" + role + "') ON CONFLICT (org_id, user_id) DO UPDATE SET role = '" + role + "'");
            int status = plane.call("POST", "/orgs/" + org + "/hosts/bootstrap-token", member, "{}")
                    .status();
            assertThat(status).as(role).isEqualTo(role.equals("ADMIN") ? 201 : 403);
        }
        plane.sql("DELETE FROM nvremote.org_members WHERE user_id = '" + user + "'");
    }

    @Test
    void who_lost_the_right_to_begin_a_session_may_still_end_its_own() throws Exception {
        String member = "Bearer " + plane.signIn("member").access();
        String user = plane.call("GET", "/users/me", member, null)
                .body()
                .at("/user/id")
                .asText();
        plane.sql("INSERT INTO nvremote.org_members (org_id, user_id, role) VALUES ('" + org + "', '" + user
                + "', 'MEMBER') ON CONFLICT (org_id, user_id) DO UPDATE SET role = 'MEMBER'");
        EnrolledHost host = EnrolledHost.in(plane, org, admin);
        Socket line = host.online();
        String session = host.session(line, member).get("session_id").asText();
        plane.sql("DELETE FROM nvremote.org_members WHERE user_id = '" + user + "'");
        assertThat(plane.call("DELETE", "/sessions/" + session, member, null).status())
                .isEqualTo(204);
        assertThat(plane.text("SELECT status FROM nvremote.sessions WHERE id = '" + session + "'"))
                .isEqualTo("TERMINATED");
        assertThat(plane.call("DELETE", "/sessions/" + UUID.randomUUID(), member, null)
                        .status())
                .isEqualTo(404);
        line.abort();
    }

    @Test
    void a_repeated_answer_is_refused_and_noted_and_leaves_the_session_alone() throws Exception {
        EnrolledHost host = EnrolledHost.in(plane, org, admin);
        Socket line = host.online();
        JsonNode made = host.session(line, admin);
        String session = made.get("session_id").asText();
        line.send(EnrolledHost.ready(session));
        assertThat(line.await("\"error\"")).contains("NOT_ALLOWED").contains("answered before");
        line.send(EnrolledHost.ready(session).replace("BBBB", "CCCC"));
        assertThat(line.await("\"error\"")).contains("NOT_ALLOWED");
        assertThat(line.open()).isTrue();
        assertThat(line.rest()).noneMatch(text -> text.contains("session_terminate"));
        assertThat(plane.text("SELECT status FROM nvremote.sessions WHERE id = '" + session + "'"))
                .isEqualTo("ACTIVE");
        assertThat(plane.number("SELECT count(*) FROM nvremote.audit_log WHERE event_type = 'ACCESS_DENIED'"
                        + " AND session_id = '" + session + "'"))
                .isEqualTo(2);
        assertThat(plane.call("DELETE", "/sessions/" + session, admin, null).status())
                .isEqualTo(204);
        line.abort();
    }
}
