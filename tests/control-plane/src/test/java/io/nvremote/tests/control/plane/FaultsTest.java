// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.tests.control.plane.RunningControlPlane.Answer;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What fails around a control plane: its database, its ports, its addresses. */
class FaultsTest {

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

    private static Path database() {
        return plane.folder.resolve("data/postgres/data");
    }

    /** The lines that were logged since, without those that tell of this test's own doing. */
    private static List<String> loggedAfter(int length) throws Exception {
        return plane.log().substring(length).lines().toList();
    }

    static void noStackTrace(List<String> lines) {
        assertThat(lines).noneMatch(line -> line.startsWith("\tat ") || line.startsWith("Caused by:"));
    }

    @Test
    void a_database_that_hangs_is_told_with_a_code_in_bounded_time_and_its_return_needs_no_restart() throws Exception {
        int before = plane.log().length();
        ProcessHandle server = Signals.postmaster(database());
        Signals.all(server, "STOP");
        try {
            Answer ready = plane.awaitUnready("/api/v1/readyz", "UNAVAILABLE");
            assertThat(ready.body().at("/error/details/advice").asText()).contains("operator", "database server");
            assertThat(ready.body().at("/error/details/database").asText()).isEqualTo("unavailable");
            assertThat(ready.body().path("status").asInt()).isEqualTo(503);
            assertThat(plane.probe("/readyz").code()).isEqualTo("UNAVAILABLE");
            assertThat(plane.probe("/api/v1/livez").status()).isEqualTo(200);
            assertThat(plane.probe("/livez").status()).isEqualTo(200);
            giveUpWaiting("/api/v1/readyz");

            Answer refused = plane.call("GET", "/orgs", bearer, null);
            assertThat(refused.status()).as(refused.body().toString()).isEqualTo(503);
            assertThat(refused.code()).isEqualTo("UNAVAILABLE");
            assertThat(refused.raw().headers().firstValue("Retry-After")).isPresent();
            assertThat(refused.raw().body()).doesNotContain("\tat ").doesNotContain("Exception");
        } finally {
            Signals.all(server, "CONT");
        }
        plane.awaitReady();
        assertThat(plane.probe("/readyz").status()).isEqualTo(200);
        assertThat(plane.call("GET", "/orgs", bearer, null).status()).isEqualTo(200);
        noStackTrace(loggedAfter(before));
    }

    /** A probe that does not wait for the answer, as most don't. */
    private static void giveUpWaiting(String path) throws Exception {
        try (HttpClient impatient = HttpClient.newHttpClient()) {
            impatient.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + plane.localPort + path))
                            .timeout(Duration.ofMillis(500))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
        } catch (HttpTimeoutException e) {
            assertThat(e).isNotNull(); // it gave up: what was wanted
        }
    }

    @Test
    void a_database_that_is_killed_is_started_again_and_what_was_written_is_still_there() throws Exception {
        Answer made = plane.call("POST", "/orgs", bearer, "{\"name\":\"kept\",\"slug\":\"kept\"}");
        assertThat(made.status()).isEqualTo(201);
        int before = plane.log().length();
        ProcessHandle server = Signals.postmaster(database());
        server.destroyForcibly();
        server.onExit().get(30, TimeUnit.SECONDS);
        String org = "/orgs/" + made.body().get("id").asText();
        for (int i = 0; plane.call("GET", org, bearer, null).status() != 200; i++) {
            assertThat(i).as(plane.log()).isLessThan(100);
            TimeUnit.MILLISECONDS.sleep(200);
        }
        plane.awaitReady();
        assertThat(Signals.postmaster(database()).pid()).isNotEqualTo(server.pid());
        List<String> lines = loggedAfter(before);
        assertThat(lines).anyMatch(line -> line.contains("embedded database ended by itself: starting it again"));
        noStackTrace(lines);
    }

    @Test
    void a_control_plane_whose_store_is_not_there_lives_and_says_that_it_is_starting() throws Exception {
        try (RunningControlPlane second =
                new RunningControlPlane(config -> config.remove("io.nvremote.store.postgres.embedded"), "ada")) {
            Answer ready = second.awaitUnready("/readyz", "UNAVAILABLE");
            assertThat(ready.body().at("/error/message").asText()).contains("starting");
            assertThat(second.probe("/livez").status()).isEqualTo(200);
        }
    }

    @Test
    void a_second_control_plane_on_a_taken_api_port_says_which_and_what_to_do() throws Exception {
        try (RunningControlPlane second = new RunningControlPlane(
                config -> ((ObjectNode) config.get("io.nvremote.web.ports.tls~api")).put("port", plane.apiPort))) {
            String taken = ":" + plane.apiPort + " can't be opened";
            awaitMissingFromTheStart(second, "io.nvremote.web.ports.TlsPort~api");
            awaitLine(second.folder.resolve("log"), taken);
            assertThat(lines(second.folder.resolve("log"), taken))
                    .singleElement()
                    .asString()
                    .contains("in use", "stop the program that uses it, or change io.nvremote.web.ports.tls port");
            assertThat(Files.readAllLines(second.folder.resolve("log")))
                    .as("one log, in one form, without a stack trace")
                    .allMatch(
                            line -> line.matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} (INFO|WARN|ERROR|WARNING|SEVERE) .*"));
        }
        assertThat(plane.probe("/readyz").status()).isEqualTo(200);
    }

    @Test
    void a_part_that_waits_for_a_name_that_nothing_has_is_named_with_it() throws Exception {
        try (RunningControlPlane second = new RunningControlPlane(
                config -> ((ObjectNode) config.get("io.nvremote.keys.file~server")).put("keys.name", "servr"), "ada")) {
            awaitMissing(second, "io.nvremote.web.ports.TlsPort~api");
            awaitMissing(second, "io.nvremote.web.ports.TlsPort~host");
            String why =
                    "waits for a KeyMaterial with (keys.name=server), which nothing that is configured here offers";
            awaitLine(second.folder.resolve("log"), why);
            assertThat(lines(second.folder.resolve("log"), why))
                    .as("each of the two ports, once")
                    .hasSize(2);
        }
    }

    @Test
    void a_control_plane_whose_ports_are_taken_says_which_once_and_serves_when_they_are_free() throws Exception {
        // Taken while the process is only starting: it opens its ports seconds later.
        try (RunningControlPlane second = new RunningControlPlane(config -> {}, "ada")) {
            ServerSocket local = new ServerSocket(second.localPort, 1, InetAddress.getLoopbackAddress());
            ServerSocket hosts = new ServerSocket(second.hostPort, 1, InetAddress.getLoopbackAddress());
            Path log = second.folder.resolve("log");
            String localTaken = "TCP 127.0.0.1:" + second.localPort;
            String hostTaken = ":" + second.hostPort + " can't be opened";
            awaitLine(log, localTaken);
            assertThat(refusesConnections(second.apiPort)).isTrue();
            local.close();
            awaitMissing(second, "io.nvremote.web.ports.TlsPort~host");
            awaitLine(log, hostTaken);
            hosts.close();
            second.awaitHealth("/readyz", 200);
            assertThat(lines(log, localTaken))
                    .as("said once, however often it was tried")
                    .singleElement()
                    .asString()
                    .contains("in use", "stop the program that uses it, or change io.nvremote.web.ports.local port");
            assertThat(lines(log, hostTaken))
                    .singleElement()
                    .asString()
                    .contains("stop the program that uses it, or change io.nvremote.web.ports.tls port");
            assertThat(refusesConnections(second.hostPort)).isFalse();
        }
        assertThat(plane.probe("/readyz").status()).isEqualTo(200);
    }

    /** Nobody else would take them, and what they were to change would silently stay as it is by default. */
    @Test
    void what_is_configured_by_a_name_of_before_is_told_with_the_name_to_write() throws Exception {
        Map<String, String> names = Map.of(
                "io.nvremote.signaling.port~api", "io.nvremote.web.ports.tls~api",
                "io.nvremote.signaling.local", "io.nvremote.web.ports.local",
                "io.nvremote.broker.postgres", "io.nvremote.broker",
                "io.nvremote.control.certificates", "io.nvremote.keys.authority");
        try (RunningControlPlane second = new RunningControlPlane(
                config -> {
                    names.keySet().forEach(config::putObject);
                    config.set("io.nvremote.signaling.port~api", config.remove("io.nvremote.web.ports.tls~api"));
                },
                "ada")) {
            for (String part : List.of("FormerTlsPort~api", "FormerLocalPort", "FormerBroker", "FormerCertificates")) {
                awaitMissing(second, part);
            }
            for (Map.Entry<String, String> name : names.entrySet()) {
                assertThat(lines(second.folder.resolve("log"), name.getKey() + ": "))
                        .singleElement()
                        .asString()
                        .contains("is no configuration any more; write " + name.getValue() + " in its place");
            }
        }
    }

    /** Without its key material a port or a link is not even tried: somebody else must say what became of its settings. */
    @Test
    void files_by_the_settings_of_before_are_told_with_the_configuration_to_write() throws Exception {
        try (RunningControlPlane second = new RunningControlPlane(
                config -> {
                    config.remove("io.nvremote.keys.file~server");
                    config.remove("io.nvremote.keys.file~control-plane");
                    config.remove("io.nvremote.keys.file.shared");
                    ((ObjectNode) config.get("io.nvremote.auth")).put("data.folder", "/x/auth");
                    ((ObjectNode) config.get("io.nvremote.control")).put("data.folder", "/x/control");
                    ((ObjectNode) config.get("io.nvremote.web.ports.tls~api")).put("key.file", "/x/server-key.pem");
                    ((ObjectNode) config.get("io.nvremote.relay.grpc.client~main")).put("ca.file", "/x/ca.pem");
                },
                "ada")) {
            awaitMissing(second, "io.nvremote.web.ports.FormerTlsFiles~api");
            awaitMissing(second, "io.nvremote.relay.grpc.FormerLinkFiles~main");
            awaitMissing(second, "io.nvremote.auth.oidc.FormerDataFolder");
            awaitMissing(second, "io.nvremote.control.FormerDataFolder");
            Path log = second.folder.resolve("log");
            assertThat(lines(log, "io.nvremote.web.ports.tls key.file: "))
                    .singleElement()
                    .asString()
                    .contains(
                            "is no setting any more; write it under io.nvremote.keys.file~server, with keys.name=server");
            assertThat(lines(log, "io.nvremote.relay.grpc.client ca.file: "))
                    .singleElement()
                    .asString()
                    .contains("is no setting any more; write it as authority.file under"
                            + " io.nvremote.keys.file~control-plane, with keys.name=control-plane");
        }
    }

    /** A port of which nothing is heard: its certificate changes, and who is connected stays so. */
    @Test
    void another_certificate_is_shown_at_the_next_handshake_and_no_port_is_opened_anew() throws Exception {
        Path certificates = plane.folder.resolve("data/certificates");
        Map<Path, byte[]> own = new LinkedHashMap<>();
        Map<Path, byte[]> other = new LinkedHashMap<>();
        for (String end : List.of("-key.pem", ".pem")) {
            Path server = certificates.resolve("server" + end);
            own.put(server, Files.readAllBytes(server));
            // Of the same authority, as the next one would be: the gateway's.
            try (Stream<Path> files = Files.list(certificates)) {
                other.put(
                        server,
                        Files.readAllBytes(files.filter(
                                        file -> file.getFileName().toString().matches("gateway-[0-9a-f-]{36}" + end))
                                .findFirst()
                                .orElseThrow()));
            }
        }
        X509Certificate before = shown(plane.apiPort);
        try (SSLSocket kept = dial(plane.apiPort)) {
            ask(kept);
            write(other);
            assertThat(shown(plane.apiPort)).isNotEqualTo(before);
            ask(kept);
            write(own);
            assertThat(shown(plane.apiPort)).isEqualTo(before);
            ask(kept);
        } finally {
            write(own);
        }
        assertThat(plane.probe("/readyz").status()).isEqualTo(200);
    }

    private static void write(Map<Path, byte[]> files) throws IOException {
        for (Map.Entry<Path, byte[]> file : files.entrySet()) {
            Files.write(file.getKey(), file.getValue());
        }
    }

    private static SSLSocket dial(int port) throws Exception {
        SSLSocket socket =
                (SSLSocket) plane.tls(null).getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.startHandshake();
        return socket;
    }

    private static X509Certificate shown(int port) throws Exception {
        try (SSLSocket socket = dial(port)) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    /** One request on a connection that stays open. */
    private static void ask(SSLSocket socket) throws IOException {
        socket.getOutputStream().write("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] answer = new byte[4096];
        int length = socket.getInputStream().read(answer);
        assertThat(new String(answer, 0, Math.max(length, 0), StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 200 ");
    }

    /** Waits until a control plane says that this part could not start. */
    private static void awaitMissing(RunningControlPlane one, String part) throws Exception {
        String told = "";
        for (int i = 0; !told.contains(part); i++) {
            assertThat(i).as(told).isLessThan(600);
            told = one.awaitHealth("/readyz", 503).body().toString();
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** As {@link #awaitMissing} for a part that fails at once: nobody is told before that all is well. */
    private static void awaitMissingFromTheStart(RunningControlPlane one, String part) throws Exception {
        Answer told = one.awaitAnswer("/readyz");
        for (int i = 0; !told.body().toString().contains(part); i++) {
            assertThat(i).as(told.body().toString()).isLessThan(2400);
            assertThat(told.status()).as(told.body().toString()).isEqualTo(503);
            TimeUnit.MILLISECONDS.sleep(50);
            told = one.awaitAnswer("/readyz");
        }
    }

    private static boolean refusesConnections(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (IOException e) {
            return true; // nothing listens
        }
    }

    @Test
    void a_gateway_on_a_taken_udp_port_says_which_and_what_to_do() throws Exception {
        try (DatagramSocket holder = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Process gateway = plane.gateway(holder.getLocalPort(), "second-gateway");
            try {
                Path log = plane.folder.resolve("second-gateway-log");
                String taken = "UDP 127.0.0.1:" + holder.getLocalPort();
                awaitLine(log, taken);
                gateway.destroy(); // it stops in order: whatever it had to say is in the log then
                assertThat(gateway.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(lines(log, taken))
                        .singleElement()
                        .asString()
                        .contains("is taken by another program: stop it, or change");
            } finally {
                gateway.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void a_gateway_whose_key_is_not_there_names_the_part_that_lacks_and_is_ready_when_it_comes() throws Exception {
        Path key = plane.folder.resolve("late-key.pem");
        int page = RunningControlPlane.freePort();
        List<Path> given = new ArrayList<>();
        Process gateway = plane.gateway(RunningControlPlane.freePort(), "late-gateway", config -> {
            ((ObjectNode) config.get("io.nvremote.gateway")).put("metrics.port", page);
            ObjectNode keys = (ObjectNode) config.get("io.nvremote.keys.file~gateway");
            given.add(Path.of(keys.get("key.file").asText()));
            keys.put("key.file", key.toString());
            ((ObjectNode) config.get("io.nvremote.relay.grpc.server")).put("port", RunningControlPlane.freePort());
        });
        try {
            assertThat(answer(page, "503")).contains("io.nvremote.relay.grpc.").contains("could not start");
            assertThat(answer(page, "503")).doesNotContain(key.toString());
            assertThat(lines(plane.folder.resolve("late-gateway-log"), "key.file=" + key))
                    .as("why is in the log, once")
                    .singleElement()
                    .asString()
                    .contains("io.nvremote.keys.file key.file=" + key + ": must be a file that can be read");
            Files.copy(given.getFirst(), key, StandardCopyOption.COPY_ATTRIBUTES); // with its owner's rights alone
            assertThat(answer(page, "200")).contains("ok");
        } finally {
            gateway.destroyForcibly().waitFor();
        }
    }

    /** What {@code /readyz} of a gateway's page says with that status, waited for. */
    private static String answer(int page, String status) throws Exception {
        String last = "";
        for (int i = 0; i < 480; i++) {
            try (HttpClient http = HttpClient.newHttpClient()) {
                HttpResponse<String> answer = http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + page + "/readyz"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                last = answer.statusCode() + " " + answer.body();
                if (last.startsWith(status)) {
                    return last;
                }
            } catch (IOException e) {
                last = String.valueOf(e); // Not there yet.
            }
            TimeUnit.MILLISECONDS.sleep(250);
        }
        throw new AssertionError("no " + status + ": " + last);
    }

    /** The lines of the log with this in them. */
    private static List<String> lines(Path log, String content) throws IOException {
        return Files.exists(log)
                ? Files.readAllLines(log).stream()
                        .filter(line -> line.contains(content))
                        .toList()
                : List.of();
    }

    /** Waits until the log has such a line. */
    private static void awaitLine(Path log, String content) throws Exception {
        for (int i = 0; lines(log, content).isEmpty(); i++) {
            assertThat(i).as(() -> "nothing about " + content + " in " + log).isLessThan(720);
            TimeUnit.MILLISECONDS.sleep(250);
        }
    }

    @Test
    void without_a_free_address_pair_a_connect_is_refused_with_a_code_and_leaves_nothing_behind() throws Exception {
        plane.startGateway();
        Answer org = plane.call("POST", "/orgs", bearer, "{\"name\":\"pairs\",\"slug\":\"pairs\"}");
        String id = org.body().get("id").asText();
        HostKey key = HostKey.make(plane.folder);
        String token = plane.call("POST", "/orgs/" + id + "/hosts/bootstrap-token", bearer, "{}")
                .body()
                .get("token")
                .asText();
        JsonNode host = plane.call("POST", "/orgs/" + id + "/hosts", "Bootstrap " + token, key.registration())
                .body();
        io.nvremote.tests.control.plane.Socket line = io.nvremote.tests.control.plane.Socket.open(
                plane,
                plane.hostPort,
                "/ws/host",
                key.managers(host.get("certificate").asText()));
        line.await("ready");
        String wish = "{\"host_id\":" + host.get("host_id") + ",\"client_public_key\":\"" + "A".repeat(42) + "E=\"}";
        for (int i = 0; plane.number("SELECT count(*) FROM nvremote.addr_slots") == 0; i++) {
            assertThat(i).as("the gateway's pairs").isLessThan(240);
            TimeUnit.MILLISECONDS.sleep(250);
        }
        // Every pair rests: as after as many sessions in the last minutes.
        plane.sql("UPDATE nvremote.addr_slots SET free_after = now() + interval '1 hour'");
        Answer refused = plane.call("POST", "/sessions", bearer, wish);
        for (int i = 0; refused.code().equals("GATEWAY_UNAVAILABLE") && i < 240; i++) {
            TimeUnit.MILLISECONDS.sleep(250);
            refused = plane.call("POST", "/sessions", bearer, wish);
        }
        assertThat(refused.code()).as(refused.body().toString()).isEqualTo("NO_ADDRESSES");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(plane.number("SELECT count(*) FROM nvremote.sessions WHERE status IN ('PENDING', 'ACTIVE')"))
                .isZero();
        assertThat(plane.number("SELECT count(*) FROM nvremote.addr_slots WHERE session_id IS NOT NULL"))
                .isZero();
        // One pair comes free: the same wish is served.
        plane.sql("UPDATE nvremote.addr_slots SET free_after = now() WHERE pair_no ="
                + " (SELECT min(pair_no) FROM nvremote.addr_slots)");
        java.util.concurrent.CompletableFuture<Answer> asked =
                java.util.concurrent.CompletableFuture.supplyAsync(() -> {
                    try {
                        return plane.call("POST", "/sessions", bearer, wish);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
        JsonNode offer = RunningControlPlane.JSON.readTree(line.await("session_offer"));
        line.send("{\"type\":\"session_answer\",\"session_id\":" + offer.get("session_id")
                + ",\"status\":\"REJECTED\",\"reason\":\"shown enough\"}");
        assertThat(asked.get().code()).isEqualTo("SESSION_REJECTED");
        line.abort();
    }
}
