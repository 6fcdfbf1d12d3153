// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gateway;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.relay.RelayError;
import io.nvremote.runtime.RuntimeHealth;
import io.nvremote.telemetry.MetricSource;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /metrics} in the Prometheus text format, {@code /livez} and {@code /readyz}, over HTTP on loopback only: the figures
 * name no user, but nobody outside has to know them. Shows what any bundle of the runtime counts. Safe for any thread.
 */
@Component(
        service = MetricsPage.class,
        immediate = true,
        configurationPid = GatewayConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class MetricsPage {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsPage.class);
    private static final String UNSERVED = "the UDP port is not served";

    private final BooleanSupplier alive;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    /** What was wrong with the sources, each said once. */
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC, policyOption = GREEDY)
    volatile List<MetricSource> sources = List.of();

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile @Nullable RuntimeHealth runtime;

    @Activate
    public MetricsPage(GatewayConfig config, @Reference GatewayRole role) {
        this(GatewaySettings.of(config).metricsPort(), role::isAlive);
    }

    /**
     * Opens the port.
     *
     * @param alive whether the UDP port is served
     * @throws StreamException {@link RelayError#PORT_IN_USE}, {@link RelayError#SOCKET_UNAVAILABLE}
     */
    MetricsPage(int port, BooleanSupplier alive) {
        this.alive = alive;
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try {
            server = HttpServer.create(address, 16);
        } catch (IOException e) {
            throw new StreamException(
                    e instanceof BindException ? RelayError.PORT_IN_USE : RelayError.SOCKET_UNAVAILABLE,
                    "TCP " + address.getAddress().getHostAddress() + ":" + port + " can't be opened (" + e.getMessage()
                            + "): stop the program that uses it, or change " + GatewayConfig.PID + " metrics.port",
                    e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        LOG.atInfo().addKeyValue(Keys.PORT, server.getAddress().getPort()).log("the page of figures is up");
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
                case "/metrics" -> send(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics());
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
        RuntimeHealth now = runtime;
        if (now != null) {
            now.failed()
                    .forEach(
                            part -> lacking.add(part.name() + (part.starting() ? " is starting" : " could not start")));
        }
        return lacking;
    }

    /** Of two that tell the same figure the one of the higher ranking is shown, then the older one. */
    private String metrics() {
        PrometheusText text = new PrometheusText();
        for (MetricSource source : sources.reversed()) {
            try {
                text.add(source);
            } catch (RuntimeException e) {
                // A vendor's defect costs the vendor's figures, not the page.
                if (said.add(source.getClass().getName())) {
                    LOG.atWarn()
                            .setCause(e)
                            .addKeyValue("source", source.getClass().getName())
                            .log("a source of figures fails: the page goes without it");
                }
            }
        }
        for (String name : text.refused()) {
            if (said.add(name)) {
                LOG.atWarn()
                        .addKeyValue("metric", name)
                        .log("a figure is told twice, or as two things: the page shows the first");
            }
        }
        return text.text();
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
    @Deactivate
    void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
