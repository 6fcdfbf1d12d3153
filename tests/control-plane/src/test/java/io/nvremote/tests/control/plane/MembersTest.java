// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.tests.control.plane.RunningControlPlane.Answer;
import io.nvremote.tests.kit.Waiting;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Organisations, members, invitations and the end of a host, by HTTP on the real control plane. */
class MembersTest {

    private static final String NOBODY = new UUID(0, 7).toString();

    private static RunningControlPlane plane;
    private static String admin;
    private static String guest;
    private static String stranger;
    private static String org;

    @BeforeAll
    static void start() throws Exception {
        plane = new RunningControlPlane("admin", "guest", "invited", "stranger");
        admin = "Bearer " + plane.signIn("admin").access();
        guest = "Bearer " + plane.signIn("guest").access();
        stranger = "Bearer " + plane.signIn("stranger").access();
        org = plane.call("POST", "/orgs", admin, "{\"name\":\"a\",\"slug\":\"members\"}")
                .body()
                .get("id")
                .asText();
        join(guest, "guest");
    }

    @AfterAll
    static void stop() throws Exception {
        if (plane != null) {
            plane.close();
        }
    }

    private static String me(String user, String field) throws Exception {
        return plane.call("GET", "/users/me", user, null)
                .body()
                .at("/user/" + field)
                .asText();
    }

    private static Answer invite(String email, String role) throws Exception {
        return plane.call("POST", members(), admin, "{\"email\":\"" + email + "\",\"role\":\"" + role + "\"}");
    }

    private static void join(String user, String role) throws Exception {
        String id = invite(me(user, "email"), role).body().get("id").asText();
        assertThat(plane.call("POST", "/invitations/" + id + "/accept", user, null)
                        .status())
                .isEqualTo(200);
    }

    private static String members() {
        return "/orgs/" + org + "/members";
    }

    private static String tag(String path) throws Exception {
        return plane.call("GET", path, admin, null)
                .raw()
                .headers()
                .firstValue("ETag")
                .orElseThrow();
    }

    private static int hostsOf(String user) {
        try {
            return plane.call("GET", "/orgs/" + org + "/hosts", user, null).status();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String code(Answer answer) {
        return answer.status() + " " + answer.body().at("/error/code").asText();
    }

    @Test
    void who_is_invited_joins_is_given_a_role_and_goes() throws Exception {
        String invited = "Bearer " + plane.signIn("invited").access();
        String user = me(invited, "id");
        Answer made = invite(me(invited, "email").toUpperCase(Locale.ROOT), "member");
        assertThat(made.status()).isEqualTo(201);
        String invitation = made.body().get("id").asText();
        assertThat(plane.call("GET", "/invitations", invited, null)
                        .body()
                        .at("/items/0/org_name")
                        .asText())
                .isEqualTo("a");
        assertThat(plane.call("GET", "/invitations", stranger, null).body().get("items"))
                .isEmpty();
        assertThat(code(plane.call("POST", "/invitations/" + invitation + "/accept", stranger, null)))
                .isEqualTo("404 INVITATION_UNKNOWN");
        assertThat(plane.call("POST", "/invitations/" + invitation + "/accept", invited, null)
                        .body()
                        .get("role")
                        .asText())
                .isEqualTo("member");
        assertThat(code(invite(me(invited, "email"), "guest"))).isEqualTo("409 ALREADY_MEMBER");
        assertThat(plane.call("GET", members(), invited, null).body().findValuesAsText("user_id"))
                .contains(user, me(admin, "id"), me(guest, "id"));

        String path = members() + "/" + user;
        String seen = tag(path);
        String change = "{\"role\":\"admin\"}";
        assertThat(code(plane.call("PATCH", path, admin, change))).isEqualTo("428 PRECONDITION_REQUIRED");
        assertThat(code(plane.call("PATCH", path, admin, change, "If-Match", "\"other\"")))
                .isEqualTo("412 PRECONDITION_FAILED");
        assertThat(plane.call("PATCH", path, admin, change, "If-Match", seen).status())
                .isEqualTo(200);
        assertThat(code(plane.call("PATCH", path, admin, "{\"role\":\"guest\"}", "If-Match", seen)))
                .as("it has changed since")
                .isEqualTo("412 PRECONDITION_FAILED");
        assertThat(code(plane.call("PATCH", path, admin, "{\"role\":\"owner\"}", "If-Match", "*")))
                .isEqualTo("400 FIELD_INVALID");
        assertThat(plane.call("PATCH", path, admin, "{\"role\":\"guest\"}", "If-Match", "*")
                        .status())
                .isEqualTo(200);
        assertThat(code(plane.call("DELETE", path, guest, null, "If-Match", "*")))
                .isEqualTo("403 ROLE_INSUFFICIENT");
        assertThat(plane.call("DELETE", path, invited, null, "If-Match", "*").status())
                .as("everybody may leave")
                .isEqualTo(204);
        Waiting.until(() -> hostsOf(invited) == 404, "who left sees nothing");
        assertThat(code(plane.call("DELETE", members() + "/" + me(admin, "id"), admin, null, "If-Match", "*")))
                .isEqualTo("409 LAST_ADMIN");
    }

    @Test
    void bad_input_is_answered_by_what_is_wrong() throws Exception {
        assertThat(code(plane.call("POST", members(), admin, "{}"))).isEqualTo("400 FIELD_INVALID");
        assertThat(code(invite("nobody", "member"))).isEqualTo("400 EMAIL_REFUSED");
        assertThat(code(invite("a@example.org", "boss"))).isEqualTo("400 FIELD_INVALID");
        assertThat(code(plane.call(
                        "POST",
                        members(),
                        admin,
                        "{\"email\":\"a@example.org\",\"role\":\"guest\",\"expires_in_s\":1}")))
                .isEqualTo("400 INVITATION_LIFE_REFUSED");
        assertThat(code(plane.call("PATCH", members() + "/x", admin, "{\"role\":\"guest\"}")))
                .isEqualTo("400 INVALID_ID");
        assertThat(code(plane.call("PATCH", members() + "/" + NOBODY, admin, "{\"role\":\"guest\"}", "If-Match", "*")))
                .isEqualTo("404 MEMBER_UNKNOWN");
        assertThat(code(plane.call("GET", "/orgs/" + org + "/invitations?cursor=x", admin, null)))
                .isEqualTo("400 INVALID_ID");
    }

    @Test
    void an_organisation_is_renamed_by_who_has_seen_it() throws Exception {
        String path = "/orgs/"
                + plane.call("POST", "/orgs", admin, "{\"name\":\"x\",\"slug\":\"renamed\"}")
                        .body()
                        .get("id")
                        .asText();
        String body = "{\"name\":\"y\",\"slug\":\"renamed-too\"}";
        String seen = tag(path);
        assertThat(code(plane.call("PUT", path, admin, body))).isEqualTo("428 PRECONDITION_REQUIRED");
        Answer changed = plane.call("PUT", path, admin, body, "If-Match", seen);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.body().get("slug").asText()).isEqualTo("renamed-too");
        assertThat(code(plane.call("PUT", path, admin, "{\"name\":\"z\",\"slug\":\"zz\"}", "If-Match", seen)))
                .isEqualTo("412 PRECONDITION_FAILED");
        assertThat(code(plane.call("PUT", path, admin, "{\"name\":\"z\",\"slug\":\"members\"}", "If-Match", tag(path))))
                .isEqualTo("409 SLUG_TAKEN");
    }

    @Test
    void a_host_that_is_removed_is_cut_and_can_not_come_back() throws Exception {
        EnrolledHost host = EnrolledHost.in(plane, org, admin);
        Socket line = host.online();
        assertThat(code(plane.call("DELETE", "/hosts/" + host.id, guest, null))).isEqualTo("403 ROLE_INSUFFICIENT");
        assertThat(code(plane.call("DELETE", "/hosts/" + host.id, stranger, null)))
                .isEqualTo("404 HOST_UNKNOWN");
        assertThat(plane.call("DELETE", "/hosts/" + host.id, admin, null).status())
                .isEqualTo(204);
        assertThat(code(plane.call("GET", "/hosts/" + host.id, admin, null))).isEqualTo("404 HOST_UNKNOWN");
        assertThat(code(plane.call("DELETE", "/hosts/" + host.id, admin, null))).isEqualTo("404 HOST_UNKNOWN");
        assertThat(line.closed()).isEqualTo(1008);
        assertThat(code(host.comeBack())).isEqualTo("403 CERTIFICATE_REVOKED");
        assertThat(plane.number("SELECT count(*) FROM nvremote.audit_log WHERE event_type = 'HOST_DEREGISTERED'"
                        + " AND resource_id = '" + host.id + "'"))
                .isEqualTo(1);
    }
}
