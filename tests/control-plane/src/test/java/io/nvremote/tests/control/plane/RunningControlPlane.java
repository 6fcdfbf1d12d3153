// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The runtime's jar in a process of its own, with the demo's configuration, a folder of its own and free ports. */
final class RunningControlPlane implements AutoCloseable {

    /** As the demo runs them: what lives for seconds starts in half the processor time without its best compiler. */
    private static final List<String> BRIEF = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    static final ObjectMapper JSON = new ObjectMapper();
    private static final String GATEWAY = "01920000-0000-7000-8000-000000000001";
    private static final String VERIFIER = "v".repeat(43);
    private static final String REDIRECT = "http://127.0.0.1:4444/callback";

    final int apiPort = freePort();
    final int hostPort = freePort();
    final int localPort = freePort();
    private final int gatewayPort = freePort();
    final Path folder;
    private final Path data;
    private final ProcessBuilder start;
    private Process process;
    private Process gateway;
    private final HttpClient plain = HttpClient.newHttpClient();
    private HttpClient http;

    record Answer(int status, JsonNode body, HttpResponse<String> raw) {
        String code() {
            return body.at("/error/code").asText();
        }
    }

    record Tokens(String access, String refresh) {}

    RunningControlPlane(String... users) throws Exception {
        this(config -> {}, users);
        awaitReady();
    }

    /** Started, but perhaps never ready: with a configuration that {@code edit} changed. */
    RunningControlPlane(Consumer<ObjectNode> edit, String... users) throws Exception {
        this(edit, Surroundings.PLAIN, users);
    }

    /**
     * What a machine may have that is not the project's: how its data folder is named, its environment, its language, and
     * what is done to the folder before the start.
     */
    record Surroundings(String folder, Map<String, String> environment, List<String> jvm, Prepared prepared) {

        static final Surroundings PLAIN = new Surroundings("data", Map.of(), List.of(), data -> {});
    }

    /** Does something to the data folder. */
    interface Prepared {
        void in(Path data) throws Exception;
    }

    /** Started, but perhaps never ready: on a machine like that. */
    RunningControlPlane(Consumer<ObjectNode> edit, Surroundings around, String... users) throws Exception {
        folder = Files.createTempDirectory("control-plane-");
        Files.setPosixFilePermissions(
                folder, PosixFilePermissions.fromString("rwxr-xr-x")); // the database's user passes
        data = Files.createDirectory(folder.resolve(around.folder()));
        around.prepared().in(data);
        Path root = root();
        ObjectNode config = (ObjectNode) JSON.readTree(
                root.resolve("runtimes/control-plane/config/demo.json").toFile());
        var people = ((ObjectNode) config.get("io.nvremote.auth.development")).putArray("users");
        for (String user : users) {
            people.add(user + "|" + user + "|" + user + "@example.com");
        }
        edit.accept(config);
        Path file = folder.resolve("config.json");
        JSON.writeValue(file.toFile(), config);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(BRIEF);
        command.addAll(around.jvm());
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.osgi.framework.storage=" + folder.resolve("cache"),
                "-Dconfigurator.initial=" + file.toUri(),
                "-Dlogback.configurationFile=" + root.resolve("runtimes/logback.xml"),
                "-Djava.util.logging.config.file=" + root.resolve("runtimes/logging.properties"),
                "-Dnvremote.data=" + data,
                "-Dnvremote.gateway.id=" + GATEWAY,
                "-Dnvremote.gateway.target=127.0.0.1:" + gatewayPort,
                "-Dnvremote.api.port=" + apiPort,
                "-Dnvremote.host.port=" + hostPort,
                "-Dnvremote.local.port=" + localPort,
                "-jar",
                root.resolve("runtimes/control-plane/target/control-plane.jar").toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().putAll(around.environment());
        start = builder;
        process = builder.start();
    }

    /** Cuts everything off and comes back at the same ports, over the same data; returns when it serves again. */
    void restart() throws Exception {
        process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
        process = start.start();
        awaitReady();
    }

    /** Waits until it serves. The API's own path comes second: asked while it is being published, the library fails. */
    void awaitReady() throws Exception {
        awaitHealth("/readyz", 200);
        awaitHealth("/api/v1/readyz", 200);
    }

    /** The way in over TLS, once the process has made its authority. */
    private synchronized HttpClient http() throws Exception {
        if (http == null) {
            http = HttpClient.newBuilder().sslContext(tls(null)).build();
        }
        return http;
    }

    /** What a probe on the loopback port sees. */
    Answer probe(String path) throws Exception {
        HttpResponse<String> answer = plain.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + localPort + path))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        boolean json = isJson(answer);
        return new Answer(answer.statusCode(), json ? JSON.readTree(answer.body()) : JSON.createObjectNode(), answer);
    }

    /** An answer or an error. */
    static boolean isJson(HttpResponse<?> answer) {
        String type = answer.headers().firstValue("Content-Type").orElse("");
        return type.startsWith("application/json") || type.startsWith("application/problem+json");
    }

    /** What the API's TLS port answers at a path that is none of the API's. */
    HttpResponse<String> outside(String pathAndQuery) throws Exception {
        URI uri = URI.create("https://127.0.0.1:" + apiPort + pathAndQuery);
        return http().send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    /**
     * One that nobody was given before, below those that the system gives to whoever connects: it stays free until it is
     * used. Of the two processes that run these tests, one takes the even and one the odd.
     */
    static int freePort() {
        int port = 0;
        while (!GIVEN.add(port) || !isFree(port)) {
            port = 2 * ThreadLocalRandom.current().nextInt(5_000, 16_000)
                    + Integer.getInteger("nvremote.test.fork", 0) % 2;
        }
        return port;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.getLocalPort() == port;
        } catch (IOException e) {
            return false; // taken
        }
    }

    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("cnf/bom/pom.xml"))) {
            here = here.getParent();
        }
        return here;
    }

    /** Waits until a probe of {@code path} gives that status. */
    Answer awaitHealth(String path, int status) throws Exception {
        return await(path, String.valueOf(status), answer -> answer.status() == status);
    }

    /** Waits until a probe of {@code path} gives one of health's answers at all. */
    Answer awaitAnswer(String path) throws Exception {
        return await(path, "answer", answer -> answer.status() == 200 || answer.status() == 503);
    }

    /** Not ready for want of this; parts that take long or find a port taken may be told of first. */
    Answer awaitUnready(String path, String code) throws Exception {
        return await(
                path,
                "503 " + code,
                answer -> answer.status() == 503 && answer.code().equals(code));
    }

    private Answer await(String path, String wanted, Predicate<Answer> done) throws Exception {
        String last = "no answer";
        for (int i = 0; i < 480; i++) {
            try {
                Answer answer = probe(path);
                if (done.test(answer)) {
                    return answer;
                }
                last = answer.status() + " " + answer.body();
            } catch (IOException e) {
                if (!process.isAlive()) {
                    break;
                }
            }
            if (process.waitFor(250, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        String log = log();
        close();
        throw new AssertionError("no " + wanted + " from " + path + " but " + last + ":\n" + log);
    }

    /** Starts the gateway's real runtime with the certificate that the control plane wrote for it. */
    void startGateway() throws Exception {
        startGateway(config -> {});
    }

    /** The same with a configuration that {@code edit} changed. */
    void startGateway(Consumer<ObjectNode> edit) throws Exception {
        gateway = gateway(freePort(), "gateway", edit);
    }

    /** A gateway's process on that UDP port, with its log in {@code <name>-log}. */
    Process gateway(int udp, String name) throws Exception {
        return gateway(udp, name, config -> {});
    }

    Process gateway(int udp, String name, Consumer<ObjectNode> edit) throws Exception {
        Path root = root();
        ObjectNode config = (ObjectNode) JSON.readTree(
                root.resolve("runtimes/gateway/config/gateway.json").toFile());
        ((ObjectNode) config.get("io.nvremote.gateway"))
                .put("bind.address", "127.0.0.1")
                .put("udp.port", udp)
                .put("metrics.port", 0);
        Path certificates = data.resolve("certificates");
        ((ObjectNode) config.get("io.nvremote.relay.grpc.server"))
                .put("gateway.id", GATEWAY)
                .put("endpoint", "127.0.0.1:" + udp)
                .put("port", gatewayPort);
        ((ObjectNode) config.get("io.nvremote.keys.file~gateway"))
                .put(
                        "certificate.file",
                        certificates.resolve("gateway-" + GATEWAY + ".pem").toString())
                .put(
                        "key.file",
                        certificates.resolve("gateway-" + GATEWAY + "-key.pem").toString())
                .put("authority.file", certificates.resolve("ca.pem").toString());
        edit.accept(config);
        Path file = folder.resolve(name + ".json");
        JSON.writeValue(file.toFile(), config);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(BRIEF);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.osgi.framework.storage=" + folder.resolve(name + "-cache"),
                "-Dconfigurator.initial=" + file.toUri(),
                "-Dlogback.configurationFile=" + root.resolve("runtimes/logback.xml"),
                "-Djava.util.logging.config.file=" + root.resolve("runtimes/logging.properties"),
                "-jar",
                root.resolve("runtimes/gateway/target/gateway.jar").toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + "-log").toFile())
                .start();
    }

    void stopGateway() throws Exception {
        if (gateway != null) {
            gateway.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
        }
    }

    /** The process itself. */
    Process process() {
        return process;
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    /** Trusts the internal authority that the process made. */
    SSLContext tls(KeyManager[] own) throws Exception {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        try (InputStream in = Files.newInputStream(data.resolve("certificates/ca.pem"))) {
            trust.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(trust);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(own, factory.getTrustManagers(), null);
        return context;
    }

    Answer call(String method, String path, String authorization, String body, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + apiPort + "/api/v1" + path));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        request.method(
                method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        HttpResponse<String> answer = http().send(request.build(), HttpResponse.BodyHandlers.ofString());
        boolean json = isJson(answer);
        return new Answer(answer.statusCode(), json ? JSON.readTree(answer.body()) : JSON.createObjectNode(), answer);
    }

    /** Signs in as a native client would, with the form of the development page posted instead of clicked. */
    Tokens signIn(String user) throws Exception {
        Answer answer = exchange(browse(user));
        if (answer.status() != 200) {
            throw new AssertionError("sign-in of " + user + ": " + answer.body());
        }
        return new Tokens(
                answer.body().get("access_token").asText(),
                answer.body().get("refresh_token").asText());
    }

    /** The client's part of a sign-in, when the browser was sent to it. */
    Answer exchange(URI back) throws Exception {
        String code = back.getQuery().replaceAll(".*code=([^&]*).*", "$1");
        return call(
                "POST",
                "/auth/google",
                null,
                JSON.writeValueAsString(Map.of("code", code, "code_verifier", VERIFIER, "redirect_uri", REDIRECT)));
    }

    /** The browser's part of a sign-in: where it is sent to at the client. */
    URI browse(String user) throws Exception {
        return location(browser(user));
    }

    /** The browser's part of a sign-in: the last answer, of the control plane's callback. */
    HttpResponse<String> browser(String user) throws Exception {
        String challenge = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII)));
        URI page = location(visit(
                "GET",
                URI.create("http://127.0.0.1:" + localPort + "/api/v1/auth/authorize?response_type=code"
                        + "&client_id=nvremote-client&redirect_uri=" + REDIRECT + "&code_challenge=" + challenge
                        + "&code_challenge_method=S256&state=state-of-client"),
                ""));
        URI callback = location(visit(
                "POST",
                URI.create(page.toString().substring(0, page.toString().indexOf('?'))),
                page.getRawQuery() + "&user=" + user));
        return visit("GET", callback, "");
    }

    private HttpResponse<String> visit(String method, URI uri, String form) throws Exception {
        return http().send(
                        HttpRequest.newBuilder(uri)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .method(method, HttpRequest.BodyPublishers.ofString(form))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static URI location(HttpResponse<String> answer) {
        return URI.create(answer.headers()
                .firstValue("Location")
                .orElseThrow(() ->
                        new AssertionError(answer.uri().getPath() + ": " + answer.statusCode() + " " + answer.body())));
    }

    private Connection superuser() throws Exception {
        Properties passwords = new Properties();
        try (InputStream in = Files.newInputStream(data.resolve("postgres/passwords"))) {
            passwords.load(in);
        }
        String port = Files.readString(data.resolve("postgres/port")).strip();
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/nvremote", "postgres", passwords.getProperty("superuser"));
    }

    /** Runs one statement as the database's superuser: for what no resource does yet. */
    void sql(String statement, Object... values) throws Exception {
        try (Connection connection = superuser();
                var prepared = connection.prepareStatement(statement)) {
            for (int i = 0; i < values.length; i++) {
                prepared.setObject(i + 1, values[i]);
            }
            prepared.execute();
        }
    }

    /** Until it is closed, who writes to that table waits. */
    AutoCloseable locked(String table) throws Exception {
        Connection connection = superuser();
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("LOCK TABLE " + table + " IN EXCLUSIVE MODE");
        }
        return connection;
    }

    /** The first value of a query. */
    long number(String query) throws Exception {
        return Long.parseLong(text(query));
    }

    /** The first value of a query. */
    String text(String query) throws Exception {
        try (Connection connection = superuser();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }

    /** Every file the process keeps that holds a secret. */
    List<Path> secretFiles() throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(data)) {
            files.filter(f -> !f.startsWith(data.resolve("postgres/data")))
                    .filter(Files::isRegularFile)
                    .filter(f -> f.getFileName().toString().matches(".*key.*|passwords"))
                    .filter(f -> !f.toString().contains("pgsql-"))
                    .forEach(found::add);
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        if (gateway != null) {
            gateway.destroyForcibly();
        }
        plain.shutdownNow();
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(f -> f.toFile().delete());
        }
    }
}
