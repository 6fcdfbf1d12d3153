// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.SessionId;
import io.nvremote.lib.json.Json;
import io.nvremote.lib.tokens.SecureTokens;
import io.nvremote.signaling.Signal;
import io.nvremote.viewer.ViewerError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
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
public final class FakeControlPlane implements AutoCloseable {

    public static final OrgId ORG = OrgId.of("01999999-0000-7000-8000-0000000000f0");
    public static final HostId ONLINE = HostId.of("01999999-0000-7000-8000-000000000001");
    static final HostId OFFLINE = HostId.of("01999999-0000-7000-8000-000000000002");
    static final HostId BUSY = HostId.of("01999999-0000-7000-8000-000000000003");
    public static final String TOKEN = "nvs_bootstrap_" + "Az09_-x".repeat(6) + "A";
    private static final String TOKENS = "/api/v1/orgs/01999999-0000-7000-8000-0000000000f0/hosts/bootstrap-token";
    public static final SessionId SESSION = SessionId.of("01999999-0000-7000-8000-0000000000aa");

    private final HttpServer server;
    private final Map<String, String> challenges = new ConcurrentHashMap<>();
    public final List<String> calls = new CopyOnWriteArrayList<>();
    /** Why sessions were ended. */
    public final List<String> ends = new CopyOnWriteArrayList<>();

    volatile String gateway = "127.0.0.1:51820";

    volatile int expiresIn = 900;
    public volatile String sessionRefusal = "";
    public volatile String status = "ACTIVE";
    volatile boolean refuseRefresh;
    /** What a refresh is answered with, if not with tokens. */
    volatile @Nullable Odd refresh;
    /** The access token that is given and taken. */
    volatile String access = "access";

    volatile boolean refuseAll;
    public volatile String orgName = "Render Lab";
    /** What the person is told that they are, and what they are by now. */
    public volatile String role = "admin";

    public volatile String rights = "admin";
    public volatile Duration tokenLife = Duration.ofHours(24);
    final List<String> attempts = new CopyOnWriteArrayList<>();

    record Odd(int status, String body) {}

    public FakeControlPlane() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    public URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        calls.add(exchange.getRequestMethod() + " " + path);
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> query = Query.read(exchange.getRequestURI().getRawQuery());
        if (exchange.getRequestMethod().equals("DELETE")) {
            ends.add(query.getOrDefault("reason", ""));
        }
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
                var request = Json.read(body, ViewerError.BAD_REQUEST);
                String challenge = challenges.remove(request.path("code").asText());
                boolean proven = SecureTokens.challenge(
                                request.path("code_verifier").asText())
                        .equals(challenge);
                answer(exchange, proven ? 200 : 400, "application/json", proven ? tokens() : error("AUTH_BAD_CODE"));
            }
            case "/api/v1/auth/refresh" -> {
                attempts.add(
                        Json.read(body, ViewerError.BAD_REQUEST).path("attempt").asText());
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

    /** Signs in as a person in a browser would who begins at {@code start}: what comes back to the client. */
    Map<String, String> person(URI start) {
        Map<String, String> query = Query.read(start.getRawQuery());
        String state = query.getOrDefault("state", "");
        challenges.put("code-" + state, query.getOrDefault("code_challenge", ""));
        return Map.of("code", "code-" + state, "state", state, "iss", base().toString());
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
                     "memberships":[{"org_id":"01999999-0000-7000-8000-0000000000f0","org_name":"%s",
                      "org_slug":"render-lab","role":"%s"}]}""".formatted(orgName, role));
            case "/api/v1/sessions" -> {
                if (sessionRefusal.isEmpty()) {
                    answer(exchange, 201, "application/json", session());
                } else {
                    answer(exchange, 409, "application/json", error(sessionRefusal));
                }
            }
            case TOKENS -> {
                boolean may = rights.equals("admin");
                answer(
                        exchange,
                        may ? 201 : 403,
                        "application/json",
                        may
                                ? "{\"id\":\"1\",\"token\":\"" + TOKEN + "\",\"expires_at\":\""
                                        + Instant.now().plus(tokenLife) + "\"}"
                                : error("ROLE_INSUFFICIENT"));
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

    /** What the channel tells of the hosts, the first called so. */
    static List<Signal> hosts(String first) {
        return List.of(
                host(ONLINE, first, "Linux 6.1", "ONLINE", 37.0, 0, new Signal.HostLoad(12.5, 65536L, 18432L)),
                host(OFFLINE, "render-3", "Debian 12", "OFFLINE", null, 0, null),
                host(BUSY, "CAD front desk", "Ubuntu 24.04", "BUSY", null, 1, new Signal.HostLoad(71.0, 16000L, 9000L)),
                new Signal.HostsComplete(3));
    }

    private static Signal host(
            HostId id,
            String name,
            String os,
            String status,
            @Nullable Double gpu,
            int sessions,
            Signal.@Nullable HostLoad load) {
        Instant then = Instant.parse("2026-01-01T10:00:00Z");
        String card = gpu == null ? null : "RTX 6000 Ada";
        return new Signal.HostStatus(
                id, status, gpu, sessions, then, load, new Signal.HostLabel(ORG, name, card, os, then));
    }

    private String session() {
        String key = status.equals("ACTIVE") ? "\"host_public_key\":\"" + FakeMedia.KEY + "\"," : "";
        return "{\"session_id\":\"" + SESSION + "\",\"status\":\"" + status + "\"," + key
                + "\"client_tunnel_ip\":\"10.100.2.2\",\"host_tunnel_ip\":\"10.100.2.3\","
                + "\"gateway_endpoint\":\"" + gateway + "\",\"gateway_public_key\":\"\",\"relay_ticket\":\"dGlja2V0\"}";
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
