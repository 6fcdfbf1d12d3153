// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.nvremote.core.Clock;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.gpu.GpuSensor;
import io.nvremote.identity.Credentials;
import io.nvremote.identity.IdentityError;
import io.nvremote.lib.pem.Pem;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Enrolment and renewal, against an HTTP server that plays the control plane with certificates by an independent library. */
class EnrolmentTest {

    private static final OrgId ORG = OrgId.next();
    private static final HostId HOST = HostId.next();

    @TempDir
    Path folder;

    private final ObjectMapper json = new ObjectMapper();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger returns = new AtomicInteger();
    private final BlockingQueue<String> authorizations = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> statuses = new LinkedBlockingQueue<>();
    /** What is answered with a status that is no success. */
    private volatile String refusal = "{\"error\":{\"code\":\"TOKEN_REFUSED\",\"message\":\"used before\"}}";

    private final BlockingQueue<String> gpus = new LinkedBlockingQueue<>();
    private HttpServer control;
    /** When the certificates made here expire. */
    private volatile Instant until = later();
    /** How long the machine slept. */
    private volatile Duration passed = Duration.ZERO;

    @BeforeEach
    void begin() throws Exception {
        control = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        control.createContext("/api/v1/orgs/" + ORG + "/hosts", exchange -> {
            try (exchange) {
                requests.incrementAndGet();
                authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
                Integer status = Objects.requireNonNullElse(statuses.poll(), 201);
                byte[] body = status == 201
                        ? certify(json.readTree(exchange.getRequestBody()))
                        : refusal.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            } catch (Exception e) {
                throw new java.io.IOException(e);
            }
        });
        control.createContext("/api/v1/host-certificates", exchange -> {
            try (exchange) {
                returns.incrementAndGet();
                Integer status = Objects.requireNonNullElse(statuses.poll(), 201);
                byte[] body = status == 201
                        ? next(json.readTree(exchange.getRequestBody()))
                        : refusal.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            } catch (Exception e) {
                throw new java.io.IOException(e);
            }
        });
        control.start();
        Files.writeString(folder.resolve("token"), "nvs_bootstrap_secret\n");
    }

    @AfterEach
    void end() {
        control.stop(0);
    }

    @Test
    void a_host_enrols_once_keeps_its_key_to_itself_and_shows_its_certificate() throws Exception {
        KeptIdentity identity = identity();
        Credentials mine = identity.obtain();
        assertThat(mine.host()).isEqualTo(HOST);
        assertThat(mine.tls().getProtocol()).isEqualTo("TLSv1.3");
        assertThat(mine.expires()).isEqualTo(later());
        assertThat(authorizations.poll()).isEqualTo("Bootstrap nvs_bootstrap_secret");
        assertThat(gpus.poll()).as("no GPU is invented").isEqualTo("{}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        Identity kept = kept();
        assertThat(kept.host()).isEqualTo(HOST);
        assertThat(kept.chain().getFirst().getSubjectX500Principal().getName()).isEqualTo("CN=certified");
        assertThat(kept.authority()).hasSize(1);

        assertThat(identity.obtain().host()).isEqualTo(HOST);
        assertThat(identity().obtain().host()).isEqualTo(HOST);
        assertThat(requests).as("already enrolled: the token is not used again").hasValue(1);
    }

    @Test
    void enrolment_says_what_the_gpu_is_where_there_is_one() throws Exception {
        KeptIdentity identity = identity();
        identity.gpu = () -> Optional.of(new GpuSensor.Reading("Card", 1, 4096, 1));
        identity.obtain();
        JsonNode gpu = json.readTree(Objects.requireNonNull(gpus.poll()));
        assertThat(gpu.get("name").asText()).isEqualTo("Card");
        assertThat(gpu.get("vram_total_mb").asText()).isEqualTo("4096");
    }

    private Path gpuCheck(String text) throws IOException {
        return Files.writeString(Files.createDirectories(folder.resolve("data")).resolve("gpu-check.json"), text);
    }

    @Test
    void enrolment_says_what_gpu_check_proved() throws Exception {
        StringBuilder passed = new StringBuilder();
        for (int i = 10; i < 40; i++) {
            passed.append("{\"check\":\"check number ").append(i).append("\",\"state\":\"PASS\"},");
        }
        Path file = gpuCheck("""
                {"machine": {"driver": "570.86.15", "fake": false, "devices": [{"uuid": "GPU-1", "name": "Card\\n1"}]},
                 "checks": [%s {"check": "h264 rate", "state": "FAIL"}, {"check": "nvdec", "state": "NOT PROVEN"}]}
                """.formatted(passed));
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-05-04T03:02:01.5Z")));
        KeptIdentity identity = identity();
        identity.gpu = () -> Optional.of(new GpuSensor.Reading("Card", 1, 4096, 1));
        identity.obtain();
        JsonNode gpu = json.readTree(Objects.requireNonNull(gpus.poll()));
        assertThat(gpu.get("name").asText()).isEqualTo("Card");
        assertThat(gpu.get("check_time").asText()).isEqualTo("2026-05-04T03:02:01Z");
        assertThat(gpu.get("check_driver").asText()).isEqualTo("570.86.15");
        assertThat(gpu.get("check_fake").asText()).isEqualTo("false");
        assertThat(gpu.get("check_devices").asText()).isEqualTo("Card?1");
        assertThat(gpu.get("check_fail").asText()).isEqualTo("h264 rate");
        assertThat(gpu.get("check_not_proven").asText()).isEqualTo("nvdec");
        assertThat(gpu.get("check_pass").asText())
                .startsWith("check number 10, check number 11, ")
                .endsWith(" and 16 more")
                .hasSizeLessThanOrEqualTo(255);
        assertThat(gpu).hasSizeLessThanOrEqualTo(16);
    }

    /** So that the control plane forgets neither its name nor what was proven of it. */
    @Test
    void a_gpu_that_was_checked_and_can_not_be_read_now_is_not_told_in_half() throws Exception {
        String result = "{\"machine\": {\"fake\": %s, \"devices\": [{\"name\": \"Card\"}]}, \"checks\": []}";
        gpuCheck(result.formatted(false));
        KeptIdentity identity = identity();
        identity.gpu = Optional::empty;
        assertThat(identity.facts().gpu()).isEmpty();
        gpuCheck(result.formatted(true));
        assertThat(identity.facts().gpu())
                .as("there never is more to say of a fake driver")
                .containsEntry("check_fake", "true")
                .containsEntry("check_devices", "Card");
    }

    /** None of them keeps a host out. */
    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"machine\": 1}", "{\"machine\": {}, \"checks\": {}}", "long"})
    void a_result_of_gpu_check_that_is_none_is_not_told(String text) throws Exception {
        gpuCheck(text.equals("long") ? " ".repeat(300_000) + "{}" : text);
        identity().obtain();
        assertThat(gpus.poll()).isEqualTo("{}");
    }

    @Test
    void a_refused_token_is_not_tried_again() throws Exception {
        statuses.add(401);
        refused(IdentityError.ENROLMENT_REFUSED);
        assertThat(requests).hasValue(1);
        assertThat(file()).doesNotExist();
    }

    @Test
    void a_control_plane_that_is_not_ready_is_asked_again() throws Exception {
        statuses.addAll(List.of(503, 429));
        assertThat(identity().obtain().host()).isEqualTo(HOST);
        assertThat(requests).hasValue(3);
    }

    @Test
    void what_something_before_the_control_plane_answers_is_no_refusal_of_the_token() throws Exception {
        refusal = "<html><title>403 Forbidden</title></html>";
        statuses.addAll(List.of(403, 404));
        assertThat(identity().obtain().host()).isEqualTo(HOST);
        assertThat(requests).hasValue(3);
    }

    @Test
    void a_host_that_stops_while_it_waits_for_the_control_plane_stops_at_once() throws Exception {
        statuses.addAll(Collections.nCopies(20, 503));
        BlockingQueue<Class<?>> thrown = new LinkedBlockingQueue<>();
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                identity().obtain();
            } catch (InterruptedException | RuntimeException e) {
                thrown.add(e.getClass());
            }
        });
        assertThat(authorizations.poll(20, TimeUnit.SECONDS)).isNotNull();
        while (waiting.isAlive() && thrown.isEmpty()) {
            waiting.interrupt(); // It may be asking just now, and hears it after that.
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(thrown.poll(20, TimeUnit.SECONDS)).isEqualTo(InterruptedException.class);
        assertThat(file()).doesNotExist();
    }

    @Test
    void without_a_token_or_with_a_damaged_identity_the_host_says_so_and_asks_nobody() throws Exception {
        Files.delete(folder.resolve("token"));
        refused(IdentityError.ENROLMENT_IMPOSSIBLE);
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "host_id " + HOST + "\nrubbish");
        assertThat(refused(IdentityError.IDENTITY_DAMAGED)).contains("identity.pem");
        assertThat(requests).hasValue(0);
    }

    @Test
    void a_signing_request_is_what_another_library_accepts() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        for (String name : List.of("h", "host-1.example", "x".repeat(200))) {
            KeyPair keys = generator.generateKeyPair();
            PKCS10CertificationRequest request = parse(SigningRequest.pem(keys, name));
            assertThat(request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(keys.getPublic())))
                    .isTrue();
            assertThat(request.getSubject().toString()).isEqualTo("CN=" + name);
            assertThat(new JcaPKCS10CertificationRequest(request).getPublicKey())
                    .isEqualTo(keys.getPublic());
        }
    }

    @Test
    void at_half_of_its_life_a_certificate_is_renewed_with_a_new_key() throws Exception {
        until = Instant.now().plusSeconds(3600); // it began in January: far beyond its half
        KeptIdentity identity = identity();
        assertThat(identity.renewalRequest()).as("not enrolled yet").isEmpty();
        identity.obtain();
        Identity before = kept();
        String request = identity.renewalRequest().orElseThrow();
        assertThat(identity.renewalRequest()).as("once a minute").isEmpty();

        unusable(identity, json.createObjectNode().put("certificate", "rubbish").put("ca", "rubbish"));
        unusable(identity, json.readTree(certified(SigningRequest.pem(SigningRequest.newKeys(), "another key"))));
        assertThat(kept()).as("what can't be used is not kept").isEqualTo(before);

        until = later();
        JsonNode answer = json.readTree(certified(request));
        Credentials next = identity.renewed(
                answer.get("certificate").asText(), answer.get("ca").asText());
        assertThat(next.expires()).isEqualTo(later());
        Identity after = kept();
        assertThat(after.host()).isEqualTo(HOST);
        assertThat(after.key()).isNotEqualTo(before.key());
        assertThat(after.certificate().getNotAfter().toInstant()).isEqualTo(later());
        assertThat(identity.renewalRequest()).as("nothing more is asked for").isEmpty();
        assertThat(identity.obtain().expires()).isEqualTo(later());
    }

    private static void unusable(KeptIdentity identity, JsonNode answer) {
        assertThatThrownBy(() -> identity.renewed(
                        answer.get("certificate").asText(), answer.get("ca").asText()))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(IdentityError.CERTIFICATE_UNUSABLE));
    }

    @Test
    void a_host_that_slept_past_its_certificate_comes_back_by_its_old_key() throws Exception {
        Identity before = slept();
        statuses.addAll(List.of(503, 429));
        Credentials mine = identity().obtain();
        assertThat(mine.host()).isEqualTo(HOST);
        assertThat(mine.expires()).isEqualTo(later());
        assertThat(returns).as("tried again").hasValue(3);
        assertThat(requests).as("no bootstrap token is spent").hasValue(1);
        assertThat(kept().key()).isEqualTo(before.key());
        assertThat(kept().certificate().getNotAfter().toInstant()).isEqualTo(later());
        identity().obtain();
        assertThat(returns).as("once is enough").hasValue(3);
    }

    @Test
    void a_host_that_runs_while_its_certificate_ends_comes_back_too() throws Exception {
        until = Instant.now().plus(Duration.ofDays(7));
        KeptIdentity identity = identity();
        assertThat(identity.obtain().expires()).isBefore(later());
        passed = Duration.ofDays(8);
        until = later();
        assertThat(identity.obtain().expires()).isEqualTo(later());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GRACE_OVER",
                "CERTIFICATE_REVOKED",
                "CERTIFICATE_SUPERSEDED",
                "CERTIFICATE_FOREIGN",
                "KEY_NOT_PROVEN",
                "DATABASE_RESTORED"
            })
    void a_host_that_may_not_come_back_says_why_and_asks_once(String code) throws Exception {
        Identity before = slept();
        refusal = "{\"error\":{\"code\":\"" + code + "\",\"message\":\"what to do\"}}";
        statuses.add(code.equals("DATABASE_RESTORED") ? 409 : 403);
        assertThat(refused(IdentityError.IDENTITY_EXPIRED)).contains(code, "what to do");
        assertThat(returns).hasValue(1);
        assertThat(kept()).as("the old identity is kept").isEqualTo(before);
    }

    @Test
    void a_clock_that_is_past_the_next_certificate_too_is_said() throws Exception {
        Identity before = slept();
        until = Instant.now().plus(Duration.ofDays(7));
        assertThat(refused(IdentityError.IDENTITY_EXPIRED)).contains("set the clock");
        assertThat(returns).hasValue(1);
        assertThat(kept()).isEqualTo(before);
    }

    /** An identity that was kept, and whose certificate has ended since. */
    private Identity slept() throws Exception {
        until = Instant.now().plus(Duration.ofDays(7));
        identity().obtain();
        passed = Duration.ofDays(8);
        until = later();
        return kept();
    }

    private String refused(IdentityError code) {
        Throwable thrown = catchThrowable(() -> identity().obtain());
        assertThat(thrown).isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                .isEqualTo(code));
        return thrown.getMessage();
    }

    private KeptIdentity identity() {
        return new KeptIdentity(
                new IdentitySettings(
                        URI.create("http://127.0.0.1:" + control.getAddress().getPort()),
                        ORG,
                        new TokenSource(folder.resolve("token"), ""),
                        null,
                        folder.resolve("data"),
                        "workstation"),
                new Clock() {
                    @Override
                    public Instant instant() {
                        return Instant.now().plus(passed);
                    }

                    @Override
                    public long nanos() {
                        return System.nanoTime();
                    }

                    @Override
                    public void sleep(Duration duration) {
                        Clock.system().sleep(duration);
                    }
                });
    }

    private Path file() {
        return folder.resolve("data/identity.pem");
    }

    private Identity kept() {
        return new IdentityFile(file()).read().orElseThrow();
    }

    private byte[] certify(JsonNode body) throws Exception {
        assertThat(body.get("hostname").asText()).isEqualTo("workstation");
        assertThat(body.get("os_info").get("name").asText()).isNotEmpty();
        gpus.add(body.get("gpu_info").toString());
        return certified(body.get("csr").asText());
    }

    /** For who shows his old certificate and signs with its key. */
    private byte[] next(JsonNode body) throws Exception {
        X509Certificate old = Pem.certificates(body.get("certificate").asText()).getFirst();
        PKCS10CertificationRequest request = parse(body.get("csr").asText());
        assertThat(old.getSubjectX500Principal().getName()).isEqualTo("CN=certified");
        assertThat(request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(old.getPublicKey())))
                .isTrue();
        assertThat(new JcaPKCS10CertificationRequest(request).getPublicKey()).isEqualTo(old.getPublicKey());
        return certified(body.get("csr").asText());
    }

    private byte[] certified(String csr) throws Exception {
        PKCS10CertificationRequest request = parse(csr);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair ca = generator.generateKeyPair();
        X500Name issuer = new X500Name("CN=ca");
        X509Certificate root = sign(
                new JcaX509v3CertificateBuilder(
                        issuer, BigInteger.ONE, past(), Date.from(later()), issuer, ca.getPublic()),
                ca);
        X509Certificate leaf = sign(
                new JcaX509v3CertificateBuilder(
                        issuer,
                        BigInteger.TWO,
                        past(),
                        Date.from(until),
                        new X500Name("CN=certified"),
                        new JcaPKCS10CertificationRequest(request).getPublicKey()),
                ca);
        return json.writeValueAsBytes(json.createObjectNode()
                .put("host_id", HOST.toString())
                .put("certificate", Pem.write("CERTIFICATE", leaf.getEncoded()))
                .put("ca", Pem.write("CERTIFICATE", root.getEncoded())));
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, KeyPair ca) throws Exception {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(ca.getPrivate())));
    }

    private static Date past() {
        return Date.from(Instant.parse("2026-01-01T00:00:00Z"));
    }

    private static Instant later() {
        return Instant.parse("2046-01-01T00:00:00Z");
    }

    private static PKCS10CertificationRequest parse(String pem) throws Exception {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            return (PKCS10CertificationRequest) parser.readObject();
        }
    }
}
