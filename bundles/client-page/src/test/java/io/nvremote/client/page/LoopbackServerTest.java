// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.client.Client;
import io.nvremote.client.FakeControlPlane;
import io.nvremote.client.FakeMedia;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The guards of the page's server, spoken to by raw sockets. */
class LoopbackServerTest {

    private final AtomicReference<String> address = new AtomicReference<>("");
    private FakeControlPlane control;
    private Client client;
    private LoopbackServer server;
    private int port;

    @BeforeEach
    void start() throws Exception {
        control = new FakeControlPlane();
        FakeMedia media = new FakeMedia(List.of(new byte[] {0, 0, 0, 1, 9}));
        client = media.client(control);
        server = new LoopbackServer(0, client, BrowserTest::asset, address::set);
        port = URI.create(server.origin()).getPort();
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
        control.close();
    }

    @Test
    void the_page_comes_with_every_guarding_header() throws Exception {
        String answer = get("/", "Host: " + own());
        assertThat(status(answer)).isEqualTo(200);
        Guard.HEADERS.forEach((name, value) -> assertThat(answer).contains(name + ": " + value));
        assertThat(answer).contains("<div id=\"root\">").doesNotContain("Server:");
    }

    @Test
    void another_name_for_this_machine_is_turned_away() throws Exception {
        for (String host :
                List.of("evil.example", "evil.example:" + port, "localhost:" + port, "127.0.0.1", "127.0.0.1:1")) {
            assertThat(status(get("/", "Host: " + host))).as(host).isEqualTo(421);
        }
    }

    @Test
    void a_foreign_or_missing_origin_can_not_act() throws Exception {
        String body = "{\"token\":\"x\"}";
        for (String origin :
                List.of("", "Origin: null", "Origin: http://127.0.0.1:" + (port + 1), "Origin: http://evil.example")) {
            assertThat(status(post("/api/token", body, "Host: " + own(), origin)))
                    .as(origin)
                    .isEqualTo(403);
            assertThat(status(socket("Host: " + own(), origin, cookie())))
                    .as(origin)
                    .isEqualTo(403);
        }
    }

    @Test
    void another_site_may_lead_here_but_not_read_or_act() throws Exception {
        assertThat(status(get("/", "Host: " + own(), "Sec-Fetch-Site: cross-site")))
                .isEqualTo(200);
        assertThat(status(get("/api/state", "Host: " + own(), "Sec-Fetch-Site: cross-site", cookie())))
                .isEqualTo(403);
        assertThat(status(get("/icon.svg", "Host: " + own(), "Sec-Fetch-Site: same-site")))
                .isEqualTo(403);
    }

    @Test
    void a_token_opens_the_page_once() throws Exception {
        String token = token();
        String first =
                post("/api/token", "{\"token\":\"" + token + "\"}", "Host: " + own(), "Origin: " + server.origin());
        assertThat(status(first)).isEqualTo(204);
        assertThat(first).contains("HttpOnly").contains("SameSite=Strict");
        assertThat(token()).as("a fresh address is published").isNotEqualTo(token);
        String second =
                post("/api/token", "{\"token\":\"" + token + "\"}", "Host: " + own(), "Origin: " + server.origin());
        assertThat(status(second)).isEqualTo(403);
        assertThat(second).doesNotContain("Set-Cookie");
    }

    @Test
    void wrong_tokens_of_another_process_do_not_take_the_persons_address_away() throws Exception {
        String token = token();
        for (int i = 0; i < 30; i++) {
            String answer = post("/api/token", "{\"token\":\"guess\"}", "Host: " + own(), "Origin: " + server.origin());
            assertThat(status(answer)).isEqualTo(403);
        }
        assertThat(token()).isEqualTo(token);
        assertThat(cookie()).startsWith("Cookie: nvremote-");
    }

    @Test
    void two_clients_in_one_browser_have_cookies_of_their_own() throws Exception {
        String first = cookie();
        AtomicReference<String> otherAddress = new AtomicReference<>("");
        try (LoopbackServer other = new LoopbackServer(0, client, BrowserTest::asset, otherAddress::set)) {
            int otherPort = URI.create(other.origin()).getPort();
            assertThat(first).startsWith("Cookie: nvremote-" + port + "=");
            // The browser has one jar for both: each takes its own out of it.
            String both = first + "; nvremote-" + otherPort + "=another";
            assertThat(status(get("/api/state", "Host: " + own(), both))).isEqualTo(200);
        }
    }

    @Test
    void a_machine_without_ipv4_serves_the_page_on_its_other_loopback() throws Exception {
        AtomicReference<String> there = new AtomicReference<>("");
        try (LoopbackServer six = new LoopbackServer(
                0,
                client,
                BrowserTest::asset,
                new LoopbackServer.PageDoor(null, there::set, List.of("203.0.113.1", "::1"), Duration.ofSeconds(20)))) {
            assertThat(six.origin()).startsWith("http://[::1]:");
            assertThat(there.get()).startsWith(six.origin());
            int sixPort = URI.create(six.origin()).getPort();
            String request = "GET / HTTP/1.1\r\nHost: [::1]:" + sixPort + "\r\nConnection: close\r\n\r\n";
            assertThat(status(talk(InetAddress.ofLiteral("::1"), sixPort, request)))
                    .isEqualTo(200);
            String foreign = request.replace("[::1]", "127.0.0.1");
            assertThat(status(talk(InetAddress.ofLiteral("::1"), sixPort, foreign)))
                    .isEqualTo(421);
        }
    }

    @Test
    void without_the_cookie_there_is_no_state_and_no_socket() throws Exception {
        assertThat(status(get("/api/state", "Host: " + own()))).isEqualTo(401);
        assertThat(status(get("/api/state", "Host: " + own(), "Cookie: nvremote-" + port + "=wrong")))
                .isEqualTo(401);
        assertThat(status(socket("Host: " + own(), "Origin: " + server.origin())))
                .isEqualTo(401);
        String cookie = cookie();
        assertThat(status(get("/api/state", "Host: " + own(), cookie))).isEqualTo(200);
        assertThat(status(socket("Host: " + own(), "Origin: " + server.origin(), cookie)))
                .isEqualTo(101);
    }

    @Test
    void other_methods_paths_and_bodies_are_refused() throws Exception {
        String cookie = cookie();
        assertThat(status(talk("DELETE /api/state HTTP/1.1\r\nHost: " + own() + "\r\nConnection: close\r\n\r\n")))
                .isEqualTo(405);
        assertThat(status(get("/../pom.xml", "Host: " + own()))).isIn(400, 404);
        assertThat(status(get("/META-INF/MANIFEST.MF", "Host: " + own()))).isEqualTo(404);
        assertThat(status(get("/%2e%2e/x.js", "Host: " + own()))).isIn(400, 404);
        String origin = "Origin: " + server.origin();
        assertThat(status(post("/api/connect", "not json", "Host: " + own(), origin, cookie)))
                .isEqualTo(400);
        assertThat(status(post("/api/connect", "[]", "Host: " + own(), origin, cookie)))
                .isEqualTo(400);
        assertThat(status(post(
                        "/api/connect",
                        "{\"host_id\":\"" + "x".repeat(20_000) + "\"}",
                        "Host: " + own(),
                        origin,
                        cookie)))
                .isEqualTo(400);
        assertThat(status(post("/api/connect", "{\"host_id\":\"nonsense\"}", "Host: " + own(), origin, cookie)))
                .isEqualTo(400);
    }

    @Test
    void a_callback_that_nobody_asked_for_signs_nobody_in() throws Exception {
        String answer = get("/callback?code=x&state=y", "Host: " + own(), "Sec-Fetch-Site: cross-site");
        assertThat(status(answer)).isEqualTo(200);
        assertThat(answer).contains("<div id=\"root\">");
        assertThat(client.state().signedIn()).isFalse();
    }

    @Test
    void nobody_listens_beyond_the_loopback() throws Exception {
        List<InetAddress> outward = NetworkInterface.networkInterfaces()
                .filter(LoopbackServerTest::outward)
                .flatMap(NetworkInterface::inetAddresses)
                .toList();
        for (InetAddress own : outward) {
            assertThat(reachable(own)).as(own.toString()).isFalse();
        }
        assertThat(reachable(InetAddress.getLoopbackAddress())).isTrue();
    }

    private static boolean outward(NetworkInterface card) {
        try {
            return card.isUp() && !card.isLoopback();
        } catch (SocketException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean reachable(InetAddress address) {
        try (Socket socket = new Socket(address, port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private String own() {
        return "127.0.0.1:" + port;
    }

    private String token() {
        return address.get().substring(address.get().indexOf('=') + 1);
    }

    private String cookie() throws IOException {
        String answer =
                post("/api/token", "{\"token\":\"" + token() + "\"}", "Host: " + own(), "Origin: " + server.origin());
        int start = answer.indexOf("nvremote-" + port + "=");
        return "Cookie: " + answer.substring(start, answer.indexOf(';', start));
    }

    private String get(String path, String... headers) throws IOException {
        return talk("GET " + path + " HTTP/1.1\r\n" + lines(headers) + "Connection: close\r\n\r\n");
    }

    private String post(String path, String body, String... headers) throws IOException {
        return talk("POST " + path + " HTTP/1.1\r\n" + lines(headers)
                + "Content-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n" + body);
    }

    private String socket(String... headers) throws IOException {
        return talk("GET /ws HTTP/1.1\r\n" + lines(headers)
                + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    }

    private static String lines(String... headers) {
        StringBuilder all = new StringBuilder();
        for (String header : headers) {
            if (!header.isEmpty()) {
                all.append(header).append("\r\n");
            }
        }
        return all.toString();
    }

    /** Says it and reads the head of the answer, and the body as far as it has come. */
    private String talk(String request) throws IOException {
        return talk(InetAddress.getLoopbackAddress(), port, request);
    }

    private static String talk(InetAddress address, int port, String request) throws IOException {
        try (Socket socket = new Socket(address, port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            byte[] some = new byte[8192];
            for (int n; (n = socket.getInputStream().read(some)) > 0; ) {
                answer.append(new String(some, 0, n, StandardCharsets.ISO_8859_1));
                if (request.contains("Upgrade: websocket") && answer.indexOf("\r\n\r\n") > 0) {
                    break;
                }
            }
            return answer.toString();
        }
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }
}
