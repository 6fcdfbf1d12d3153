// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nvremote.core.StreamException;
import io.nvremote.relay.RelayError;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * {@code /metrics} in the Prometheus text format, {@code /livez} and {@code /readyz}, over HTTP on loopback only: the figures
 * name no user, but nobody outside has to know them. Safe for any thread.
 */
final class MetricsPage implements AutoCloseable {

    private static final String UNSERVED = "the UDP port is not served";

    private final HttpServer server;
    private final ExecutorService threads;
    private final Supplier<String> metrics;
    private final BooleanSupplier alive;
    private final Supplier<List<String>> failed;

    private MetricsPage(
            HttpServer server, Supplier<String> metrics, BooleanSupplier alive, Supplier<List<String>> failed) {
        this.server = server;
        this.metrics = metrics;
        this.alive = alive;
        this.failed = failed;
        threads = Executors.newVirtualThreadPerTaskExecutor();
    }

    /**
     * Opens the port.
     *
     * @param alive whether the UDP port is served
     * @param failed the parts of the runtime that could not start, by name
     * @throws StreamException {@link RelayError#PORT_IN_USE}, {@link RelayError#SOCKET_UNAVAILABLE}
     */
    static MetricsPage open(int port, Supplier<String> metrics, BooleanSupplier alive, Supplier<List<String>> failed) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try {
            MetricsPage page = new MetricsPage(HttpServer.create(address, 16), metrics, alive, failed);
            page.server.setExecutor(page.threads);
            page.server.createContext("/", page::answer);
            page.server.start();
            return page;
        } catch (IOException e) {
            throw new StreamException(
                    e instanceof BindException ? RelayError.PORT_IN_USE : RelayError.SOCKET_UNAVAILABLE,
                    "TCP " + address.getAddress().getHostAddress() + ":" + port + " can't be opened (" + e.getMessage()
                            + "): stop the program that uses it, or change " + GatewayConfig.PID + " metrics.port",
                    e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            switch (exchange.getRequestURI().getPath()) {
                case "/metrics" -> send(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.get());
                case "/livez" -> health(exchange, alive.getAsBoolean() ? List.of() : List.of(UNSERVED));
                case "/readyz" -> health(exchange, lacking());
                default -> exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    /** What is missing. Why is in the log. */
    private List<String> lacking() {
        List<String> lacking = new ArrayList<>();
        if (!alive.getAsBoolean()) {
            lacking.add(UNSERVED);
        }
        failed.get().forEach(part -> lacking.add(part + " could not start"));
        return lacking;
    }

    private static void health(HttpExchange exchange, List<String> lacking) throws IOException {
        String text = lacking.isEmpty() ? "ok" : String.join("\n", lacking);
        send(exchange, lacking.isEmpty() ? 200 : 503, "text/plain; charset=utf-8", text + "\n");
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** Where it listens. */
    int port() {
        return server.getAddress().getPort();
    }

    /** Gives the port back. Idempotent. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
