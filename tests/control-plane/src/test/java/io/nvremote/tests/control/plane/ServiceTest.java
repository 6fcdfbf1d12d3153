// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.store.postgres.embedded.EmbeddedServer;
import io.nvremote.store.postgres.embedded.EmbeddedSettings;
import io.nvremote.tests.control.plane.RunningControlPlane.Answer;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A control plane as an operator runs it: a database server of somebody else (here: of this test), which comes and goes, and
 * an identity provider that is not ours.
 */
class ServiceTest {

    /** Makes of an ID token's claims what the issuer sends. */
    private interface Forgery {
        String of(ObjectNode claims) throws Exception;
    }

    private static final String LOCAL = "the local port";
    private static final String TLS = "the TLS port";
    private static final String VERIFIER = "w".repeat(43);
    private static final String FAILED_LOGINS =
            "SELECT count(*) FROM nvremote.audit_log WHERE event_type = 'LOGIN_FAILED'";
    private static final String REDIRECT = "http://127.0.0.1:4444/callback";

    private static Path folder;
    private static int port;
    private static EmbeddedServer database;
    private static TestIssuer issuer;
    private static RunningControlPlane plane;

    @BeforeAll
    static void start() throws Exception {
        issuer = new TestIssuer();
        folder = Files.createTempDirectory("database-server-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        port = RunningControlPlane.freePort();
        startDatabase();
        Properties passwords = passwords();
        for (String role : List.of("owner", "app")) {
            Files.writeString(folder.resolve(role), passwords.getProperty(role));
        }
        database.close();
    }

    /** A control plane whose database is as it is now. */
    private static void startPlane() throws Exception {
        plane = new RunningControlPlane(config -> {
            config.remove("io.nvremote.store.postgres.embedded");
            config.putObject("io.nvremote.store.postgres.external")
                    .put("url", "jdbc:postgresql://127.0.0.1:" + port + "/nvremote")
                    .put("owner.password", "file:" + folder.resolve("owner"))
                    .put("app.password", "file:" + folder.resolve("app"));
            config.remove("io.nvremote.auth.development");
            ((ObjectNode) config.get("io.nvremote.auth"))
                    .put("issuer", issuer.url())
                    .put("client.id", TestIssuer.CLIENT);
        });
    }

    /** Each test stands alone: what it needs is brought about, whatever ran before. */
    private static void serving() throws Exception {
        if (!answers()) {
            startDatabase();
        }
        if (plane == null) {
            startPlane();
        }
        plane.awaitReady();
    }

    /** The server's own life is not the control plane's: it is started and stopped here. */
    private static void startDatabase() throws Exception {
        database = new EmbeddedServer(
                new EmbeddedSettings(folder.resolve("postgres"), port, "nobody", Duration.ofSeconds(90)));
        for (int i = 0; !Files.exists(folder.resolve("postgres/passwords")) || !answers(); i++) {
            assertThat(i).as("the database server starts").isLessThan(600);
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private static Properties passwords() throws Exception {
        Properties passwords = new Properties();
        try (InputStream in = Files.newInputStream(folder.resolve("postgres/passwords"))) {
            passwords.load(in);
        }
        return passwords;
    }

    private static boolean answers() throws Exception {
        try {
            return number("SELECT 1") == 1;
        } catch (java.sql.SQLException e) {
            return false; // still starting
        }
    }

    private static long number(String query) throws Exception {
        try (var connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + port + "/nvremote",
                        "postgres",
                        passwords().getProperty("superuser"));
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        if (plane != null) {
            plane.close();
        }
        if (database != null) {
            database.close();
        }
        if (issuer != null) {
            issuer.close();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
        }
    }

    private static List<String> told() throws Exception {
        return plane.log()
                .lines()
                .filter(line -> line.contains("schema is not current yet"))
                .toList();
    }

    @Test
    void a_database_that_is_not_there_at_the_start_is_told_once_and_waited_for() throws Exception {
        database.close();
        if (plane != null) {
            plane.close();
        }
        startPlane();
        plane.awaitUnready("/readyz", "UNAVAILABLE");
        assertThat(plane.probe("/livez").status()).isEqualTo(200);
        for (int i = 0; told().isEmpty() && i < 240; i++) {
            TimeUnit.MILLISECONDS.sleep(250);
        }
        plane.awaitHealth("/api/v1/readyz", 503);
        int before = plane.log().length();
        Answer refused = plane.call("POST", "/auth/refresh", null, "{\"refresh_token\":\"" + VERIFIER + "\"}");
        assertThat(refused.code()).isEqualTo("UNAVAILABLE");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(told())
                .singleElement()
                .asString()
                .contains("127.0.0.1:" + port, "refused", "an operator must look at the database server");
        startDatabase();
        plane.awaitReady();
        assertThat(signIn("first", issuer::signed)).isEqualTo("code");
        assertThat(number("SELECT count(*) FROM nvremote.identities WHERE subject = 'first'"))
                .isEqualTo(1);
        FaultsTest.noStackTrace(plane.log().substring(before).lines().toList());
    }

    @Test
    void a_database_server_that_is_restarted_is_found_again_with_its_rows() throws Exception {
        serving();
        assertThat(signIn("first", issuer::signed)).isEqualTo("code");
        int before = plane.log().length();
        database.close();
        plane.awaitUnready("/readyz", "UNAVAILABLE");
        startDatabase();
        plane.awaitReady();
        assertThat(signIn("first", issuer::signed)).isEqualTo("code");
        assertThat(number("SELECT count(*) FROM nvremote.identities WHERE subject = 'first'"))
                .isEqualTo(1);
        FaultsTest.noStackTrace(plane.log().substring(before).lines().toList());
    }

    @Test
    void an_id_token_with_anything_wrong_signs_nobody_in_and_makes_no_user() throws Exception {
        serving();
        Map<String, Forgery> forgeries = new LinkedHashMap<>();
        forgeries.put("another audience", c -> issuer.signed(c.put("aud", "somebody-else")));
        forgeries.put("another authorized party", c -> issuer.signed(c.put("azp", "somebody-else")));
        forgeries.put("another nonce", c -> issuer.signed(c.put("nonce", "n".repeat(43))));
        forgeries.put("no nonce", c -> issuer.signed(c.without("nonce")));
        forgeries.put("another issuer", c -> issuer.signed(c.put("iss", "https://accounts.example.com")));
        forgeries.put("expired", c -> issuer.signed(c.put("exp", c.get("iat").asLong() - 120)));
        forgeries.put(
                "from the future", c -> issuer.signed(c.put("iat", c.get("iat").asLong() + 3600)));
        forgeries.put("no subject", c -> issuer.signed(c.put("sub", " ")));
        forgeries.put("a key that is not published", issuer::signedByAnotherKey);
        forgeries.put("no signature", issuer::unsigned);
        forgeries.put("the public key as a shared secret", issuer::signedByThePublicKey);
        forgeries.put("altered after it was signed", c -> {
            String good = issuer.signed(c);
            String other = issuer.signed(c.put("sub", "altered"));
            return other.substring(0, other.lastIndexOf('.')) + good.substring(good.lastIndexOf('.'));
        });
        forgeries.put("not a token", c -> "x.y.z");
        long users = number("SELECT count(*) FROM nvremote.users");
        long failures = number(FAILED_LOGINS);
        Map<String, String> answers = new LinkedHashMap<>();
        Map<String, String> wanted = new LinkedHashMap<>();
        for (Map.Entry<String, Forgery> forgery : forgeries.entrySet()) {
            answers.put(forgery.getKey(), signIn("mallory", forgery.getValue()));
            wanted.put(forgery.getKey(), "SIGN_IN_REFUSED");
        }
        assertThat(answers).isEqualTo(wanted);
        assertThat(number("SELECT count(*) FROM nvremote.users")).isEqualTo(users);
        assertThat(number(FAILED_LOGINS) - failures).isEqualTo(forgeries.size());
    }

    @Test
    void codes_of_8_kB_pass_every_port_and_what_is_longer_than_any_is_refused_in_words() throws Exception {
        serving();
        String code = "c".repeat(8 * 1024);
        for (String base : List.of(LOCAL, TLS)) {
            URI authorize = authorize();
            issuer.idToken = issuer.signed(issuer.claims("long", parameter(authorize.getQuery(), "nonce")));
            HttpResponse<String> answer = callback(base, code, parameter(authorize.getQuery(), "state"));
            assertThat(answer.statusCode()).as(base + answer.body()).isEqualTo(302);
            assertThat(issuer.asked).contains("code=" + code + "&");

            int before = plane.log().length();
            HttpResponse<String> refused = callback(base, "c".repeat(40 * 1024), "s");
            assertThat(refused.statusCode()).isIn(414, 431);
            assertThat(refused.body()).contains("Too L").doesNotContain("Exception", "\tat ");
            FaultsTest.noStackTrace(plane.log().substring(before).lines().toList());
        }
    }

    private static HttpResponse<String> callback(String base, String code, String state) throws Exception {
        String path = "/api/v1/auth/callback?code=" + code + "&state=" + state;
        return base.equals(TLS) ? plane.outside(path) : get("http://127.0.0.1:" + plane.localPort + path);
    }

    /** Goes through a sign-in up to the answer of the callback: {@code code} if it went well, else the error's code. */
    private static String signIn(String subject, Forgery forgery) throws Exception {
        String query = authorize().getQuery();
        issuer.idToken = forgery.of(issuer.claims(subject, parameter(query, "nonce")));
        HttpResponse<String> answer = callback(LOCAL, "of-the-issuer", parameter(query, "state"));
        if (answer.statusCode() / 100 == 3) {
            assertThat(location(answer).getQuery()).contains("code=");
            return "code";
        }
        assertThat(answer.body()).doesNotContain("Exception");
        return answer.body().replaceAll("(?s).*<code>([A-Z_]+)</code>.*", "$1");
    }

    /** Where a sign-in sends the browser: to the issuer. */
    private static URI authorize() throws Exception {
        String challenge = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII)));
        String base = "http://127.0.0.1:" + plane.localPort + "/api/v1/auth/";
        URI authorize = location(get(base + "authorize?response_type=code&client_id=nvremote-client&redirect_uri="
                + REDIRECT + "&code_challenge=" + challenge + "&code_challenge_method=S256&state=of-the-client"));
        assertThat(authorize.toString()).startsWith(issuer.url() + "/authorize?");
        return authorize;
    }

    private static String parameter(String query, String name) {
        return query.replaceAll("(^|.*&)" + name + "=([^&]*).*", "$2");
    }

    private static HttpResponse<String> get(String uri) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static URI location(HttpResponse<String> answer) {
        return URI.create(answer.headers()
                .firstValue("Location")
                .orElseThrow(() -> new AssertionError(answer.statusCode() + " " + answer.body())));
    }
}
