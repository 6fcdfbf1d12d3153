// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.swap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.tests.jars.JarFiles;
import io.nvremote.tests.jars.Publisher;
import io.nvremote.tests.kit.Checkout;
import io.nvremote.tests.kit.DemoProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * While a real demo streams: each bundle of ours in each of its four runtimes is replaced by a newer version of itself, one after the
 * other. What can't be is in {@code not-live.txt}, and nothing that could be may stand there.
 */
class BundlesTest {

    private static final List<String> RUNTIMES = List.of("gateway", "control-plane", "host-agent", "client");

    @TempDir
    Path work;

    /** How long something was missing, in the words of the answer: figures of this machine, to be read and not judged. */
    private final Map<String, String> gaps = new TreeMap<>();

    /** What {@code not-live.txt} says of a bundle; {@code live} if nothing. */
    private static String expected(String runtime, String bundle) throws IOException {
        try (InputStream in = BundlesTest.class.getResourceAsStream("/not-live.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\\s+", 4))
                    .filter(line -> line[0].equals("*") || line[0].equals(runtime))
                    .filter(line -> bundle.matches(line[1].replace(".", "\\.").replace("*", ".*")))
                    .map(line -> line[2])
                    .findFirst()
                    .orElse(bundle.endsWith(".api") ? "fixed" : "live");
        }
    }

    @Test
    void each_bundle_of_each_runtime_is_replaced_under_a_running_stream() throws Exception {
        Publisher operator = Publisher.of(work, "operator");
        Path demoFolder = work.resolve("demo");
        for (String runtime : RUNTIMES) {
            operator.trustIn(demoFolder.resolve(runtime).resolve("bundles/publishers"));
        }
        Map<String, String> wrong = new TreeMap<>();
        int replaced = 0;
        try (DemoProcess demo =
                DemoProcess.start(demoFolder, "--headless", "--seconds", "900", "--capture", "testcard")) {
            JsonNode session = demo.awaitStream();
            for (String runtime : RUNTIMES) {
                for (JsonNode bundle : demo.bundle(runtime, "list").path("bundles")) {
                    String name = bundle.path("name").asText();
                    if (!name.startsWith("io.nvremote.")) {
                        continue;
                    }
                    String found = tried(demo, runtime, bundle, operator);
                    replaced += found.equals("live") ? 1 : 0;
                    if (!found.equals(expected(runtime, name))) {
                        wrong.put(runtime + " " + name, found);
                    }
                }
            }
            Files.write(
                    Path.of("target/gaps.txt"),
                    gaps.entrySet().stream()
                            .map(gap -> gap.getKey() + ": " + gap.getValue())
                            .toList());
            assertThat(wrong).as(demo.steps()).isEmpty();
            assertThat(replaced).isGreaterThan(40);
            demo.awaitSession(
                    "the same session streams on",
                    now -> now.path("session_id")
                                    .asText()
                                    .equals(session.path("session_id").asText("none"))
                            && now.at("/tracks/video/sent").asLong()
                                    > session.at("/tracks/video/sent").asLong() + 600);
            DemoProcess.Result result = demo.finish();
            assertThat(result.exit())
                    .as(result.figures() + "\n" + result.steps())
                    .isZero();
            JsonNode frames = result.figures().path("frames");
            assertThat(frames.path("undecodable").asLong())
                    .as(frames.toString())
                    .isZero();
            assertThat(frames.path("dropped_by_receiver").asLong())
                    .as(frames.toString())
                    .isZero();
        }
    }

    /** Tries it, for the control plane under requests; what came of it, in the words of the list. */
    private String tried(DemoProcess demo, String runtime, JsonNode bundle, Publisher operator) throws Exception {
        String name = bundle.path("name").asText();
        if (!bundle.path("fixed").asText().isEmpty()) {
            return "fixed";
        }
        if (expected(runtime, name).equals("ends")) {
            return "ends";
        }
        String folder = name.substring("io.nvremote.".length()).replace('.', '-');
        Path newer = operator.sign(
                JarFiles.withHeaders(Checkout.built("bundles/" + folder), work, Map.of("Bundle-Version", "9.0.0")));
        boolean asks =
                runtime.equals("control-plane") && expected(runtime, name).equals("live");
        long cut = linksCut(demo);
        JsonNode answer;
        try (Asking asking = asks ? new Asking(demo) : null) {
            answer = demo.bundle(runtime, "update", newer.toString());
            if (asking != null && !asking.failures().isEmpty()) {
                return "failed requests: " + asking.failures();
            }
        }
        if (answer.path("ok").asBoolean()) {
            String gap = answer.at("/change/detail").asText();
            gaps.put(runtime + " " + name, gap);
            if (runtime.equals("control-plane") && linksCut(demo) > cut) {
                return "live, but a socket was cut";
            }
            return comesFirst(newer) && !gap.equals("without a gap") ? "live, but " + gap : "live";
        }
        return answer.path("code").asText().equals("WOULD_END") ? "would-end" : answer.toString();
    }

    /** How often the host or the client has lost its socket to the control plane. */
    private static long linksCut(DemoProcess demo) throws IOException {
        long cut = 0;
        for (String runtime : List.of("host-agent", "client")) {
            try (Stream<String> lines =
                    Files.lines(demo.folder().resolve(runtime).resolve("log.txt"))) {
                cut += lines.filter(line -> line.contains(" link down ")).count();
            }
        }
        return cut;
    }

    /** Whether it says that two versions of it can serve at once. */
    private static boolean comesFirst(Path bundle) throws IOException {
        try (JarFile jar = new JarFile(bundle.toFile())) {
            String replace = jar.getManifest().getMainAttributes().getValue("Nvremote-Replace");
            return replace != null && List.of("beside", "retires").contains(replace);
        }
    }

    /** Somebody who asks the control plane all the time, on new connections and on one that stays. */
    private static final class Asking implements AutoCloseable {

        private final AtomicBoolean on = new AtomicBoolean(true);
        private final AtomicInteger asked = new AtomicInteger();
        private final List<String> failures = new ArrayList<>();
        private final HttpClient http;

        Asking(DemoProcess demo) throws Exception {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            try (InputStream in = Files.newInputStream(demo.folder().resolve("control-plane/certificates/ca.pem"))) {
                trusted.setCertificateEntry(
                        "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, trust.getTrustManagers(), null);
            http = HttpClient.newBuilder().sslContext(tls).build();
            String address = demo.steps()
                    .lines()
                    .filter(line -> line.contains("control-plane ") && line.contains("https://"))
                    .findFirst()
                    .orElseThrow()
                    .replaceAll(".*(https://[^ ]+).*", "$1");
            URI health = URI.create(address + "/api/v1/readyz");
            ask(health); // Before anything is replaced.
            Thread.ofPlatform().start(() -> {
                while (on.get()) {
                    ask(health);
                }
            });
        }

        private void ask(URI uri) {
            try {
                HttpResponse<String> answer = http.send(
                        HttpRequest.newBuilder(uri)
                                .timeout(Duration.ofSeconds(60))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                asked.incrementAndGet();
                if (answer.statusCode() != 200) {
                    failed(answer.statusCode() + " " + answer.body());
                }
            } catch (IOException e) {
                failed(e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private synchronized void failed(String how) {
            failures.add(how);
        }

        synchronized List<String> failures() {
            return List.copyOf(failures);
        }

        @Override
        public void close() {
            on.set(false);
            http.close(); // Waits for what is being asked.
            assertThat(asked.get()).isPositive();
        }
    }
}
