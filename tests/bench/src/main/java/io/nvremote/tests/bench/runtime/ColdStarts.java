// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.Clock;
import io.nvremote.tests.bench.Authority;
import io.nvremote.tests.bench.Child;
import io.nvremote.tests.bench.LacksPeer;
import io.nvremote.tests.bench.Row;
import io.nvremote.tests.bench.Run;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Process start to readiness of each runtime with the command line and the files of a demo that has ended, empty bundle
 * cache, with and without an AOT cache (JEP 483, JEP 514) that a training run made before. The control plane is up while
 * host agent and client start.
 */
final class ColdStarts {

    private static final int ROUNDS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String STORAGE = "-Dorg.osgi.framework.storage=";
    private static final Duration GLANCE = Duration.ofMillis(10);

    private final Run run;
    private final Path folder;
    private final Map<String, List<String>> commands;
    private final ObjectMapper json = new ObjectMapper();

    /** With the demo's folder and its runtimes' command lines by name. */
    ColdStarts(Run run, Path folder, Map<String, List<String>> commands) {
        this.run = run;
        this.folder = folder;
        this.commands = Map.copyOf(commands);
    }

    /** One runtime, and how it shows that it is ready. */
    private record Role(String name, BooleanSupplier ready) {}

    void measure() throws IOException, InterruptedException {
        int controlPort = URI.create(config("client")
                        .path("io.nvremote.client")
                        .path("control.url")
                        .asText())
                .getPort();
        int metricsPort = config("gateway")
                .path("io.nvremote.gateway")
                .path("metrics.port")
                .asInt();
        Path status = folder.resolve("host-agent/identity/status.json");
        Path page = folder.resolve("client/page-url.txt");
        Role controlPlane = new Role("control-plane", () -> listens(controlPort) && httpsReady(controlPort));
        Role gateway = new Role("gateway", () -> answers("http://127.0.0.1:" + metricsPort + "/livez"));
        Role host = new Role("host-agent", () -> Files.exists(status));
        Role client = new Role("client", () -> Files.exists(page));
        servePage();
        starts(controlPlane, null);
        starts(gateway, null);
        Child support = start(controlPlane, List.of(), "support");
        awaitReady(controlPlane, support);
        starts(host, status);
        starts(client, page);
        support.close();
    }

    private JsonNode config(String name) throws IOException {
        return json.readTree(Files.readString(folder.resolve(name).resolve("config.json")));
    }

    /** The demo's client was headless; a user's serves the page. */
    private void servePage() throws IOException {
        ObjectNode config = (ObjectNode) config("client");
        config.remove("io.nvremote.client.headless");
        config.putObject("io.nvremote.client.page")
                .put("url.file", folder.resolve("client/page-url.txt").toString());
        Files.writeString(folder.resolve("client/config.json"), config.toPrettyString());
    }

    private void starts(Role runtime, @Nullable Path signal) throws IOException, InterruptedException {
        Path cache = folder.resolve(runtime.name() + ".aot");
        once(runtime, signal, List.of("-XX:AOTCacheOutput=" + cache), new ArrayList<>());
        if (!Files.exists(cache)) {
            run.lacks(new LacksPeer("runtime: AOT cache of " + runtime.name(), "this JDK wrote none"));
            return;
        }
        List<Double> with = new ArrayList<>();
        List<Double> without = new ArrayList<>();
        List<Double> spentWith = new ArrayList<>();
        List<Double> spentWithout = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            if (i % 2 == 0) {
                without.add(once(runtime, signal, List.of(), spentWithout));
                with.add(once(runtime, signal, List.of("-XX:AOTCache=" + cache), spentWith));
            } else {
                with.add(once(runtime, signal, List.of("-XX:AOTCache=" + cache), spentWith));
                without.add(once(runtime, signal, List.of(), spentWithout));
            }
        }
        run.say(runtime.name() + ": " + without + " ms, with an AOT cache " + with);
        run.add(new Row(
                "runtime",
                "cold start with AOT cache, " + runtime.name(),
                "ms",
                "without a cache",
                with,
                without,
                null,
                Map.of("cache_mb", Files.size(cache) >> 20)));
        run.add(new Row(
                "runtime",
                "  processor until then, " + runtime.name(),
                "CPU-s",
                "without a cache",
                spentWith,
                spentWithout,
                null,
                Map.of()));
    }

    private double once(Role runtime, @Nullable Path signal, List<String> flags, List<Double> spent)
            throws IOException, InterruptedException {
        if (signal != null) {
            Files.deleteIfExists(signal);
        }
        long begun = Clock.system().nanos();
        Child child = start(runtime, flags, "cache" + begun);
        awaitReady(runtime, child);
        double millis = (Clock.system().nanos() - begun) / 1e6;
        spent.add(child.cpuSeconds());
        child.close();
        return Math.round(millis);
    }

    private Child start(Role runtime, List<String> flags, String cache) throws IOException {
        List<String> command = new ArrayList<>();
        for (String word : commands.getOrDefault(runtime.name(), List.of())) {
            boolean storage = word.startsWith(STORAGE);
            command.add(storage ? STORAGE + run.folder().resolve(runtime.name() + "-" + cache) : word);
        }
        if (command.isEmpty()) {
            throw new IOException("the demo started no " + runtime.name());
        }
        command.addAll(1, flags);
        return Child.start(run, Map.of(), command);
    }

    private static void awaitReady(Role runtime, Child child) throws IOException {
        long end = Clock.system().nanos() + PATIENCE.toNanos();
        while (!runtime.ready().getAsBoolean()) {
            if (!child.alive() || Clock.system().nanos() > end) {
                List<String> lines = child.lines();
                throw new IOException(runtime.name() + " was not ready: "
                        + String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size())));
            }
            Clock.system().sleep(GLANCE);
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false; // not yet
        }
    }

    private boolean httpsReady(int port) {
        try {
            SSLContext tls = Authority.trusting(folder.resolve("control-plane/certificates/ca.pem"));
            try (HttpClient http = HttpClient.newBuilder().sslContext(tls).build()) {
                return status(http, "https://127.0.0.1:" + port + "/readyz") == 200;
            }
        } catch (IOException e) {
            return false; // not yet
        }
    }

    private static boolean answers(String url) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return status(http, url) == 200;
        } catch (IOException e) {
            return false; // not yet
        }
    }

    private static int status(HttpClient http, String url) throws IOException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
