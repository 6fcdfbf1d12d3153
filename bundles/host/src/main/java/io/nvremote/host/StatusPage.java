// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nvremote.core.Secret;
import io.nvremote.identity.Credentials;
import io.nvremote.lib.files.StateFiles;
import io.nvremote.lib.files.StateFiles.Readers;
import io.nvremote.lib.process.ProcessMetrics;
import io.nvremote.lib.tokens.SecureTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * What the host is doing, as JSON on a loopback port, for whoever may read the token in {@code status.json} of the data folder.
 * Reads only. Safe for any thread.
 */
final class StatusPage implements AutoCloseable {

    private final HostRole role;
    private final ObjectMapper json = new ObjectMapper();
    private final Secret token;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Path file;

    private StatusPage(HostRole role, HttpServer server, Path file) {
        this.token = new Secret(SecureTokens.text());
        this.role = role;
        this.server = server;
        this.file = file;
    }

    /** Opens the port and writes the file that tells port and token. */
    static StatusPage open(HostRole role, Path data, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
        StatusPage page = new StatusPage(role, server, data.resolve("status.json"));
        server.createContext("/", page::answer);
        server.setExecutor(page.threads);
        server.start();
        ObjectNode where = page.json.createObjectNode();
        where.put("url", "http://127.0.0.1:" + server.getAddress().getPort() + "/status");
        where.put("token", page.token.reveal());
        where.put("pid", ProcessHandle.current().pid());
        StateFiles.write(page.file, page.json.writeValueAsString(where), Readers.OWNER);
        return page;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String authorization =
                    Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
            boolean known = authorization.startsWith("Bearer ") && new Secret(authorization.substring(7)).equals(token);
            if (!known) {
                exchange.sendResponseHeaders(401, -1);
            } else if (!exchange.getRequestMethod().equals("GET")
                    || !exchange.getRequestURI().getPath().equals("/status")) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                byte[] body = json.writerWithDefaultPrettyPrinter().writeValueAsBytes(status());
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.getResponseHeaders().set("Cache-Control", "no-store");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private ObjectNode status() {
        ObjectNode root = json.createObjectNode();
        Credentials credentials = role.credentials();
        ProcessMetrics process = ProcessMetrics.now();
        root.put("state", role.state().name());
        root.put("host_id", credentials == null ? null : credentials.host().toString());
        root.put("cpu_nanos", process.cpuNanos());
        root.put("resident_bytes", process.residentBytes());
        root.set("tracks", json.valueToTree(SessionFigures.tracks(role.desk()::report)));
        ArrayNode sessions = root.putArray("sessions");
        Stream.of(role.others().describe(), role.desk().describe())
                .flatMap(figures -> figures.values().stream())
                .forEach(figures -> sessions.add(json.<JsonNode>valueToTree(figures)));
        return root;
    }

    @Override
    public void close() throws IOException {
        server.stop(0);
        threads.shutdownNow();
        Files.deleteIfExists(file);
    }
}
