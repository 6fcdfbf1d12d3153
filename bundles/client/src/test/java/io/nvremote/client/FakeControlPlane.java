// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nvremote.core.HostId;
import io.nvremote.core.SessionId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for the control plane and its development identity provider: just the answers a client needs, over plain
 * HTTP. It checks PKCE and tokens as the real one does.
 */
final class FakeControlPlane implements AutoCloseable {

    static final HostId ONLINE = HostId.of("01999999-0000-7000-8000-000000000001");
    static final HostId OFFLINE = HostId.of("01999999-0000-7000-8000-000000000002");
    static final HostId BUSY = HostId.of("01999999-0000-7000-8000-000000000003");
    static final SessionId SESSION = SessionId.of("01999999-0000-7000-8000-0000000000aa");

    private final HttpServer server;
    private final Map<String, String> challenges = new ConcurrentHashMap<>();
    final List<String> calls = new CopyOnWriteArrayList<>();
    volatile int expiresIn = 900;
    volatile String sessionRefusal = "";
    volatile String status = "ACTIVE";
    volatile String name = "workstation-7";
    volatile boolean refuseRefresh;
    /** What a refresh is answered with, if not with tokens. */
    volatile @Nullable Odd refresh;
    /** The access token that is given and taken. */
    volatile String access = "access";

    volatile boolean refuseAll;
    final List<String> attempts = new CopyOnWriteArrayList<>();

    record Odd(int status, String body) {}

    FakeControlPlane() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        calls.add(exchange.getRequestMethod() + " " + path);
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> query = Query.read(exchange.getRequestURI().getRawQuery());
        switch (path) {
            case "/api/v1/auth/authorize" -> {
                challenges.put("code-" + query.get("state"), query.getOrDefault("code_challenge", ""));
                answer(
                        exchange,
                        200,
                        "text/html",
                        "<html lang=en><title>Development sign-in</title><h1>Development sign-in</h1>"
                                + "<form method=\"post\" action=\"/dev/login\">"
                                + "<input type=\"hidden\" name=\"redirect_uri\" value=\"" + query.get("redirect_uri")
                                + "\">"
                                + "<input type=\"hidden\" name=\"state\" value=\"" + query.get("state") + "\">"
                                + "<button type=\"submit\" name=\"user\" value=\"grace\">Grace<small>grace@example.com</small></button>"
                                + "<button type=\"submit\" name=\"user\" value=\"ada\">Ada<small>ada@example.com</small></button>"
                                + "</form></html>");
            }
            case "/dev/login" -> {
                Map<String, String> form = Query.read(body);
                if (!"ada".equals(form.get("user"))) {
                    answer(exchange, 403, "text/plain", "nobody else is expected");
                    return;
                }
                exchange.getResponseHeaders()
                        .set(
                                "Location",
                                form.get("redirect_uri") + "?code=code-" + form.get("state") + "&state="
                                        + form.get("state") + "&iss=" + base());
                answer(exchange, 302, "text/plain", "");
            }
            case "/api/v1/auth/google" -> {
                var request = Json.read(body, ClientError.BAD_REQUEST);
                String challenge = challenges.remove(request.path("code").asText());
                boolean proven =
                        Pkce.challenge(request.path("code_verifier").asText()).equals(challenge);
                answer(exchange, proven ? 200 : 400, "application/json", proven ? tokens() : error("AUTH_BAD_CODE"));
            }
            case "/api/v1/auth/refresh" -> {
                attempts.add(
                        Json.read(body, ClientError.BAD_REQUEST).path("attempt").asText());
                Odd odd = refuseRefresh ? new Odd(401, error("AUTH_REUSED")) : refresh;
                answer(
                        exchange,
                        odd == null ? 200 : odd.status(),
                        "application/json",
                        odd == null ? tokens() : odd.body());
            }
            case "/favicon.ico" -> answer(exchange, 204, "image/x-icon", "");
            default -> withToken(exchange, path);
        }
    }

    private void withToken(HttpExchange exchange, String path) throws IOException {
        if (refuseAll
                || !("Bearer " + access).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer(exchange, 401, "application/json", error("AUTH_REQUIRED"));
            return;
        }
        switch (path) {
            case "/api/v1/users/me" -> answer(exchange, 200, "application/json", """
                    {"user":{"id":"01999999-0000-7000-8000-00000000000f","name":"Ada","email":"ada@example.com"},
                     "memberships":[{"org_id":"01999999-0000-7000-8000-0000000000f0","org_name":"Render Lab",
                      "org_slug":"render-lab","role":"admin"}]}""");
            case "/api/v1/orgs/01999999-0000-7000-8000-0000000000f0/hosts" ->
                answer(exchange, 200, "application/json", hosts());
            case "/api/v1/sessions" -> {
                if (sessionRefusal.isEmpty()) {
                    answer(exchange, 201, "application/json", session());
                } else {
                    answer(exchange, 409, "application/json", error(sessionRefusal));
                }
            }
            default -> answer(exchange, 204, "application/json", "");
        }
    }

    private String tokens() {
        return "{\"access_token\":\"" + access
                + "\",\"refresh_token\":\"refresh\",\"token_type\":\"Bearer\",\"expires_in\":" + expiresIn + "}";
    }

    private static String error(String code) {
        return "{\"error\":{\"code\":\"" + code
                + "\",\"message\":\"The target host is not currently online.\",\"details\":{}}}";
    }

    private String hosts() {
        return """
                {"items":[
                 {"id":"%s","org_id":"01999999-0000-7000-8000-0000000000f0","hostname":"%s","display_name":null,
                  "status":"ONLINE","gpu_info":{"name":"RTX 6000 Ada"},"os_info":{"name":"Linux","version":"6.1"},
                  "last_heartbeat_at":"2026-01-01T10:00:00Z","figures":{"gpu_name":"RTX 6000 Ada","gpu_usage":37.0,
                  "cpu_usage":12.5,"memory_used_mb":18432,"memory_total_mb":65536,"active_sessions":0}},
                 {"id":"%s","org_id":"01999999-0000-7000-8000-0000000000f0","hostname":"render-3","display_name":null,
                  "status":"OFFLINE","gpu_info":{},"os_info":{"platform":"Debian","version":"12"},
                  "last_heartbeat_at":"2026-01-01T10:00:00Z","figures":null},
                 {"id":"%s","org_id":"01999999-0000-7000-8000-0000000000f0","hostname":"cad-1","display_name":"CAD front desk",
                  "status":"BUSY","gpu_info":{},"os_info":{"platform":"Ubuntu","version":"24.04"},
                  "last_heartbeat_at":"2026-01-01T10:00:00Z","figures":{"cpu_usage":71.0,"memory_used_mb":9000,
                  "memory_total_mb":16000,"active_sessions":1}}]}""".formatted(ONLINE, name, OFFLINE, BUSY);
    }

    private String session() {
        String key = status.equals("ACTIVE") ? "\"host_public_key\":\"" + FakeMedia.KEY + "\"," : "";
        return "{\"session_id\":\"" + SESSION + "\",\"status\":\"" + status + "\"," + key
                + "\"client_tunnel_ip\":\"10.100.2.2\",\"host_tunnel_ip\":\"10.100.2.3\","
                + "\"gateway_endpoint\":\"127.0.0.1:51820\",\"gateway_public_key\":\"\",\"relay_ticket\":\"dGlja2V0\"}";
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
