// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nvremote.core.Clock;
import io.nvremote.tests.bench.Authority;
import io.nvremote.tests.bench.Child;
import io.nvremote.tests.bench.Machine;
import io.nvremote.tests.bench.Run;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The control plane's runtime with a database of its own and the development identity provider, with the flags of
 * {@code deploy/systemd}, and its first person signed in. Belongs to one thread.
 */
final class ServedControlPlane {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String REDIRECT = "http://127.0.0.1:4444/callback";
    private static final String VERIFIER = "v".repeat(43);

    private static final String AUTHORIZE = "/api/v1/auth/authorize?response_type=code&client_id=nvremote-client"
            + "&redirect_uri=" + REDIRECT + "&code_challenge=" + challenge()
            + "&code_challenge_method=S256&state=state-of-bench";

    private final ObjectMapper json = new ObjectMapper();
    private final Path folder;
    private final int port = Machine.freeTcpPort();
    private final int localPort = Machine.freeTcpPort();
    private final Child process;
    private final HttpClient http;
    private final String token;
    private final String org;

    private ServedControlPlane(Run run) throws IOException, InterruptedException {
        folder = Files.createDirectories(run.folder().resolve("control-plane"));
        // The database's own user passes through.
        Files.setPosixFilePermissions(run.folder(), PosixFilePermissions.fromString("rwx--x--x"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        process = Child.start(run, Map.of("LC_ALL", "C.UTF-8"), command(run.root()));
        try (HttpClient plain = HttpClient.newHttpClient()) {
            awaitAnswer(plain, 200, "/readyz");
            awaitAnswer(plain, 200, "/api/v1/readyz");
            awaitAnswer(plain, 302, AUTHORIZE); // its resources come one by one
        }
        SSLContext tls = Authority.trusting(folder.resolve("certificates/ca.pem"));
        http = run.own(HttpClient.newBuilder().sslContext(tls).build());
        token = signIn("ada");
        org = call("POST", "/api/v1/orgs", "{\"name\":\"Bench\",\"slug\":\"bench\"}")
                .path("id")
                .asText();
    }

    static ServedControlPlane start(Run run) throws IOException, InterruptedException {
        return new ServedControlPlane(run);
    }

    private List<String> command(Path root) throws IOException {
        Path runtime = root.resolve("runtimes/control-plane");
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dorg.osgi.framework.storage=" + folder.resolve("cache"),
                "-Dconfigurator.initial="
                        + runtime.resolve("config/demo.json").toAbsolutePath().toUri(),
                "-Dlogback.configurationFile=" + root.resolve("runtimes/logback.xml"),
                "-Djava.util.logging.config.file=" + root.resolve("runtimes/logging.properties"),
                "-Dnvremote.data=" + folder,
                "-Dnvremote.gateway.id=01920000-0000-7000-8000-000000000001",
                "-Dnvremote.gateway.target=127.0.0.1:" + Machine.freeTcpPort(),
                "-Dnvremote.api.port=" + port,
                "-Dnvremote.host.port=" + Machine.freeTcpPort(),
                "-Dnvremote.local.port=" + localPort,
                "-jar",
                runtime.resolve("target/control-plane.jar").toString());
    }

    private void awaitAnswer(HttpClient plain, int status, String path) throws IOException, InterruptedException {
        long end = Clock.system().nanos() + PATIENCE.toNanos();
        while (status(plain, path) != status) {
            if (!process.alive() || Clock.system().nanos() > end) {
                throw new IOException("the control plane was not ready: " + String.join("\n", process.lines()));
            }
            Clock.system().sleep(Duration.ofMillis(100));
        }
    }

    private int status(HttpClient plain, String path) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + localPort + path))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return plain.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0; // not yet
        }
    }

    /** Signs in as a native client does, with the development page's form posted instead of clicked. */
    private String signIn(String user) throws IOException, InterruptedException {
        URI page = location("GET", "http://127.0.0.1:" + localPort + AUTHORIZE, "");
        String form = page.getRawQuery() + "&user=" + user;
        URI callback =
                location("POST", page.toString().substring(0, page.toString().indexOf('?')), form);
        String code = location("GET", callback.toString(), "").getQuery().replaceAll(".*code=([^&]*).*", "$1");
        String body =
                json.writeValueAsString(Map.of("code", code, "code_verifier", VERIFIER, "redirect_uri", REDIRECT));
        return send("POST", "/api/v1/auth/google", body, null)
                .path("access_token")
                .asText();
    }

    private static String challenge() {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private URI location(String method, String uri, String form) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(uri))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .method(method, HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return URI.create(answer.headers()
                .firstValue("Location")
                .orElseThrow(() -> new IOException(
                        "the sign-in stopped at " + uri + " with " + answer.statusCode() + ": " + answer.body())));
    }

    private JsonNode call(String method, String path, String body) throws IOException, InterruptedException {
        return send(method, path, body, token);
    }

    private JsonNode send(String method, String path, String body, @Nullable String bearer)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (bearer != null) {
            request.header("Authorization", "Bearer " + bearer);
        }
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return json.readTree(answer.body());
    }

    Child process() {
        return process;
    }

    int port() {
        return port;
    }

    String token() {
        return token;
    }

    String org() {
        return org;
    }

    /** What a program beside it needs to reach the same database, with the same key and certificate. */
    Map<String, Object> settings() throws IOException {
        Properties passwords = new Properties();
        try (Reader in = Files.newBufferedReader(folder.resolve("postgres/passwords"))) {
            passwords.load(in);
        }
        int database = Integer.parseInt(
                Files.readString(folder.resolve("postgres/port")).strip());
        return Map.of(
                "database", login(database, "nvremote_app", passwords.getProperty("app")),
                "owner", login(database, "postgres", passwords.getProperty("superuser")),
                "tokenKey", folder.resolve("keys/token-signing-key.json").toString(),
                "issuer", "http://127.0.0.1:" + localPort,
                "key", folder.resolve("certificates/server-key.pem").toString(),
                "certificate", folder.resolve("certificates/server.pem").toString(),
                "org", org);
    }

    private static Map<String, Object> login(int port, String user, String password) {
        return Map.of("host", "127.0.0.1", "port", port, "database", "nvremote", "user", user, "password", password);
    }
}
