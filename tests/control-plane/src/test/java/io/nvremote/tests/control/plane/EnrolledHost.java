// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** A host of a running control plane that is this test: enrolled by its API, connected by a socket of its own. */
final class EnrolledHost {

    private static final String CLIENT_KEY = "A".repeat(42) + "E=";
    private static final String HOST_KEY = "B".repeat(42) + "E=";

    private final RunningControlPlane plane;
    private final HostKey key;
    private final String certificate;
    final String id;

    private EnrolledHost(RunningControlPlane plane, HostKey key, String id, String certificate) {
        this.plane = plane;
        this.key = key;
        this.id = id;
        this.certificate = certificate;
    }

    static EnrolledHost in(RunningControlPlane plane, String org, String admin) throws Exception {
        HostKey key = HostKey.make(plane.folder);
        String token = plane.call("POST", "/orgs/" + org + "/hosts/bootstrap-token", admin, "{}")
                .body()
                .get("token")
                .asText();
        JsonNode made = plane.call("POST", "/orgs/" + org + "/hosts", "Bootstrap " + token, key.registration())
                .body();
        return new EnrolledHost(
                plane,
                key,
                made.get("host_id").asText(),
                made.get("certificate").asText());
    }

    /** The same host with its next certificate. */
    EnrolledHost with(String next) {
        return new EnrolledHost(plane, key, id, next);
    }

    /** Asks for the next certificate by its key, as a host that slept past its last one. */
    RunningControlPlane.Answer comeBack() throws Exception {
        return comeBack(certificate, key.request());
    }

    /** The same with a request by another key. */
    RunningControlPlane.Answer comeBackBy(HostKey other) throws Exception {
        return comeBack(certificate, other.request());
    }

    RunningControlPlane.Answer comeBack(String shown, String csr) throws Exception {
        return plane.call(
                "POST",
                "/host-certificates",
                null,
                RunningControlPlane.JSON.writeValueAsString(Map.of("certificate", shown, "csr", csr)));
    }

    /** TLS that shows this host's certificate. */
    SSLContext tls() throws Exception {
        return plane.tls(key.managers(certificate));
    }

    /** One more socket with this host's certificate; not necessarily ready. */
    Socket dial() throws Exception {
        return Socket.open(plane, plane.hostPort, "/ws/host", key.managers(certificate));
    }

    /** Connected, and told that it is ready. */
    Socket online() throws Exception {
        Socket socket = dial();
        socket.await("\"ready\"");
        return socket;
    }

    String beat(double cpu) {
        return "{\"type\":\"heartbeat\",\"host_id\":\"" + id + "\",\"timestamp\":\"2026-11-22T12:00:00Z\",\"payload\":{"
                + "\"cpu_usage\":" + cpu
                + ",\"nvremote-host_running\":true,\"active_sessions\":0,\"uptime_seconds\":1}}";
    }

    /** A user connects to this host, which agrees. */
    JsonNode session(Socket line, String user) throws Exception {
        CompletableFuture<RunningControlPlane.Answer> asked = CompletableFuture.supplyAsync(() -> {
            try {
                return plane.call(
                        "POST",
                        "/sessions",
                        user,
                        "{\"host_id\":\"" + id + "\",\"client_public_key\":\"" + CLIENT_KEY + "\"}");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        line.send(ready(RunningControlPlane.JSON
                .readTree(line.await("session_offer"))
                .get("session_id")
                .asText()));
        RunningControlPlane.Answer answer = asked.get(60, TimeUnit.SECONDS);
        if (answer.status() != 201) {
            throw new AssertionError(answer.body().toString());
        }
        return answer.body();
    }

    static String ready(String session) {
        return "{\"type\":\"session_answer\",\"session_id\":\"" + session + "\",\"status\":\"READY\","
                + "\"host_public_key\":\"" + HOST_KEY + "\"}";
    }

    String status() throws Exception {
        return plane.text("SELECT status FROM nvremote.hosts WHERE id = '" + id + "'");
    }

    /** Waits until the database has that. */
    void await(String status) throws Exception {
        for (int i = 0; !status().equals(status); i++) {
            if (i > 240) {
                throw new AssertionError("not " + status + " but " + status() + ":\n" + plane.log());
            }
            TimeUnit.MILLISECONDS.sleep(250);
        }
    }
}
