// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.tests.control.plane.RunningControlPlane.Answer;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A host that slept past its certificate, at the real control plane: the database is set to what days and admins make of it. */
class ComeBackTest {

    private static final String EXPIRED =
            "UPDATE nvremote.host_certificates SET issued_at = now() - interval '90 days', expires_at = now() - interval";

    private static RunningControlPlane plane;
    private static String admin;
    private static String org;

    @BeforeAll
    static void start() throws Exception {
        plane = new RunningControlPlane("admin");
        admin = "Bearer " + plane.signIn("admin").access();
        org = plane.call("POST", "/orgs", admin, "{\"name\":\"O\",\"slug\":\"slept\"}")
                .body()
                .get("id")
                .asText();
    }

    @AfterAll
    static void stop() throws Exception {
        if (plane != null) {
            plane.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"1 minute", "8 days", "29 days"})
    void a_host_comes_back_by_its_old_key_and_stays_who_it_is(String ago) throws Exception {
        EnrolledHost host = EnrolledHost.in(plane, org, admin);
        host.online().abort();
        plane.sql(EXPIRED + " '" + ago + "' WHERE host_id = '" + host.id + "'");

        Answer lost = host.comeBack();
        Answer answer = host.comeBack();
        assertThat(lost.status()).isEqualTo(201);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        assertThat(answer.body().get("host_id").asText()).isEqualTo(host.id);
        EnrolledHost back = host.with(answer.body().get("certificate").asText());
        Socket line = back.online();
        back.await("ONLINE");
        assertThat(plane.text("SELECT count(*) FROM nvremote.audit_log WHERE event_type = 'HOST_CERT_RENEWED'"
                        + " AND context->>'proof' = 'old_key' AND resource_id = '" + host.id + "'"))
                .isEqualTo("2");
        refused(host.comeBack(), 409, "CERTIFICATE_SUPERSEDED");
        line.abort();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403 | GRACE_OVER          | UPDATE nvremote.host_certificates SET expires_at = now() - interval '31 days' WHERE host_id = '$host'",
                "403 | CERTIFICATE_REVOKED | UPDATE nvremote.host_certificates SET revoked_at = now() WHERE host_id = '$host'",
                "403 | CERTIFICATE_REVOKED | UPDATE nvremote.hosts SET deleted_at = now() WHERE id = '$host'",
                "409 | DATABASE_RESTORED   | DELETE FROM nvremote.host_certificates WHERE host_id = '$host'"
            })
    void a_host_that_may_not_come_back_is_told_why(int status, String code, String statement) throws Exception {
        EnrolledHost host = EnrolledHost.in(plane, org, admin);
        plane.sql(statement.replace("$host", host.id));
        Answer answer = host.comeBack();
        refused(answer, status, code);
        assertThat(plane.text("SELECT context->>'reason' FROM nvremote.audit_log WHERE event_type = 'HOST_CERT_REFUSED'"
                        + " ORDER BY at DESC LIMIT 1"))
                .isEqualTo(code);
    }

    @Test
    void a_database_from_before_the_host_is_told_apart_from_a_stranger_also_on_its_channel() throws Exception {
        EnrolledHost host = EnrolledHost.in(plane, org, admin);
        for (String table :
                new String[] {"host_certificates WHERE host_id", "bootstrap_tokens WHERE used_by_host", "hosts WHERE id"
                }) {
            plane.sql("DELETE FROM nvremote." + table + " = '" + host.id + "'");
        }
        refused(host.comeBack(), 409, "DATABASE_RESTORED");
        assertThat(host.dial().reason()).isEqualTo("DATABASE_RESTORED");
        assertThat(plane.log()).contains("a host shows a genuine certificate that the database does not know");
    }

    @Test
    void strangers_get_nothing() throws Exception {
        EnrolledHost host = EnrolledHost.in(plane, org, admin);
        HostKey other = HostKey.make(plane.folder);
        refused(host.comeBackBy(other), 403, "KEY_NOT_PROVEN");
        refused(host.comeBack(other.certificate(), other.request()), 403, "CERTIFICATE_FOREIGN");
        refused(host.comeBack("x", other.request()), 403, "CERTIFICATE_FOREIGN");
        assertThat(host.comeBack(other.certificate(), "").status()).isEqualTo(400);
        assertThat(plane.call("POST", "/host-certificates", null, "{}").status())
                .isEqualTo(400);
        assertThat(plane.call("GET", "/host-certificates", null, null).status()).isEqualTo(405);
        assertThat(plane.text("SELECT count(*) FROM nvremote.host_certificates WHERE host_id = '"
                        + UUID.fromString(host.id) + "'"))
                .isEqualTo("1");
    }

    private static void refused(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
    }
}
