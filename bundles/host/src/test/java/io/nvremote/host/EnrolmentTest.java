// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.nvremote.core.Clock;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.lib.pem.Pem;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer;
import java.io.StringReader;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
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

/** Enrolment and the link, against an HTTP server that plays the control plane with certificates by an independent library. */
class EnrolmentTest {

    private static final OrgId ORG = OrgId.next();
    private static final HostId HOST = HostId.next();
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

    @TempDir
    Path folder;

    private final ObjectMapper json = new ObjectMapper();
    private final AtomicInteger requests = new AtomicInteger();
    private final BlockingQueue<String> authorizations = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> statuses = new LinkedBlockingQueue<>();
    /** What is answered with a status that is no success. */
    private volatile String refusal = "{\"error\":{\"code\":\"TOKEN_REFUSED\",\"message\":\"used before\"}}";

    private final Dialer dialer = new Dialer();
    private final Fakes.Wire wire = new Fakes.Wire();
    private final Fakes.Tunnels tunnels = new Fakes.Tunnels();
    private HttpServer control;
    private HostRole role;
    /** When the certificates made here expire. */
    private volatile Instant until = later();

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
        control.start();
        Files.writeString(folder.resolve("token"), "nvs_bootstrap_secret\n");
    }

    @AfterEach
    void end() {
        if (role != null) {
            role.close();
        }
        control.stop(0);
    }

    @Test
    void a_host_enrols_once_keeps_its_key_to_itself_and_dials_with_its_certificate() throws Exception {
        start();
        SSLContext tls = Objects.requireNonNull(dialer.dialled.poll(20, TimeUnit.SECONDS));
        assertThat(tls.getProtocol()).isEqualTo("TLSv1.3");
        assertThat(authorizations.poll()).isEqualTo("Bootstrap nvs_bootstrap_secret");
        Path file = folder.resolve("data/identity.pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Identity kept = new IdentityFile(file).read().orElseThrow();
        assertThat(kept.host()).isEqualTo(HOST);
        assertThat(kept.chain().getFirst().getSubjectX500Principal().getName()).isEqualTo("CN=certified");
        assertThat(kept.authority()).hasSize(1);
        role.close();

        start();
        assertThat(dialer.dialled.poll(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(requests).as("already enrolled: the token is not used again").hasValue(1);
    }

    @Test
    void a_refused_token_is_not_tried_again() throws Exception {
        statuses.add(401);
        start();
        await(() -> role.state() == HostRole.State.NOT_ENROLLED);
        TimeUnit.MILLISECONDS.sleep(1500);
        assertThat(requests).hasValue(1);
        assertThat(dialer.dialled).isEmpty();
        assertThat(folder.resolve("data/identity.pem")).doesNotExist();
    }

    @Test
    void a_control_plane_that_is_not_ready_is_asked_again() throws Exception {
        statuses.addAll(List.of(503, 429));
        start();
        assertThat(dialer.dialled.poll(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(requests).hasValue(3);
    }

    @Test
    void what_something_before_the_control_plane_answers_is_no_refusal_of_the_token() throws Exception {
        refusal = "<html><title>403 Forbidden</title></html>";
        statuses.addAll(List.of(403, 404));
        start();
        assertThat(dialer.dialled.poll(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(requests).hasValue(3);
    }

    @Test
    void without_a_token_or_with_a_damaged_identity_the_host_says_so_and_stays_off() throws Exception {
        Files.delete(folder.resolve("token"));
        start();
        await(() -> role.state() == HostRole.State.NOT_ENROLLED);
        role.close();
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/identity.pem"), "host_id " + HOST + "\nrubbish");
        start();
        await(() -> role.state() == HostRole.State.NOT_ENROLLED);
        assertThat(requests).hasValue(0);
        assertThatThrownBy(() -> new IdentityFile(folder.resolve("data/identity.pem")).read())
                .hasMessageContaining("identity.pem");
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
    void a_link_that_comes_up_tells_what_runs_and_how_the_machine_is() throws Exception {
        start();
        dialer.up();
        assertThat(dialer.take()).isEqualTo(new Signal.SessionList(List.of()));
        Signal.Heartbeat beat = (Signal.Heartbeat) dialer.take();
        assertThat(beat.hostId()).isEqualTo(HOST);
        assertThat(beat.payload().cpuUsage()).isBetween(0.0, 100.0);
        assertThat(beat.payload().memoryTotalMb()).isPositive();
        assertThat(beat.payload().gpuName()).as("no GPU is invented").isNull();
    }

    @Test
    void at_half_of_its_life_a_certificate_is_renewed_with_a_new_key_and_a_new_link_takes_over() throws Exception {
        until = Instant.now().plusSeconds(3600); // it began in January: far beyond its half
        start();
        dialer.up();
        SignalDialer.LinkListener first = dialer.listener;
        Path file = folder.resolve("data/identity.pem");
        Identity before = new IdentityFile(file).read().orElseThrow();
        dialer.take();
        dialer.take();
        Signal.CertificateRequest request = (Signal.CertificateRequest) dialer.take();

        dialer.hear(new Signal.Certificate("rubbish", "rubbish"));
        assertThat(new IdentityFile(file).read()).contains(before);
        JsonNode others = json.readTree(certified(SigningRequest.pem(SigningRequest.newKeys(), "another")));
        dialer.hear(certificate(others));
        assertThat(new IdentityFile(file).read())
                .as("a certificate for another key is not taken")
                .contains(before);
        assertThat(dialer.dialled).isEmpty();

        until = later();
        dialer.hear(certificate(json.readTree(certified(request.csr()))));
        assertThat(dialer.dialled.poll(20, TimeUnit.SECONDS)).isNotNull();
        Identity after = new IdentityFile(file).read().orElseThrow();
        assertThat(after.host()).isEqualTo(HOST);
        assertThat(after.key()).isNotEqualTo(before.key());
        assertThat(after.certificate().getNotAfter().toInstant()).isEqualTo(later());
        assertThat(role.state()).as("the old link serves until then").isEqualTo(HostRole.State.ONLINE);
        dialer.clear();
        dialer.up();
        assertThat(dialer.closes).as("the old link").hasValue(1);
        first.down(1008, "REPLACED");
        assertThat(role.state()).isEqualTo(HostRole.State.ONLINE);
        assertThat(dialer.take()).isInstanceOf(Signal.SessionList.class);
        assertThat(dialer.take()).isInstanceOf(Signal.Heartbeat.class);
        assertThat(dialer.said).as("nothing more is asked for").isEmpty();
    }

    @Test
    void a_host_that_slept_past_its_certificate_says_so_and_does_not_dial() throws Exception {
        until = Instant.now().minusSeconds(5);
        start();
        dialer.up();
        role.close();
        dialer.dialled.clear();
        start();
        await(() -> role.state() == HostRole.State.NOT_ENROLLED);
        assertThat(dialer.dialled).isEmpty();
    }

    private static Signal.Certificate certificate(JsonNode answer) {
        return new Signal.Certificate(
                answer.get("certificate").asText(), answer.get("ca").asText());
    }

    @Test
    void an_offer_gets_exactly_one_answer_and_the_same_one_when_repeated() throws Exception {
        start();
        dialer.up();
        dialer.clear();
        Signal.SessionOffer offer = offer();
        dialer.hear(offer);
        Signal.SessionAnswer answer = (Signal.SessionAnswer) dialer.take();
        assertThat(answer.status()).isEqualTo(Signal.AnswerStatus.READY);
        assertThat(answer.hostPublicKey()).hasSize(44);
        assertThat(dialer.take()).isEqualTo(new Signal.Candidates(offer.sessionId(), List.of("192.0.2.7:4242")));
        dialer.hear(offer);
        assertThat(dialer.take()).isEqualTo(answer);
        assertThat(tunnels.specs).hasSize(1);

        Signal.SessionOffer second = offer();
        dialer.clear();
        dialer.hear(second);
        assertThat(dialer.take())
                .isEqualTo(new Signal.SessionAnswer(second.sessionId(), null, Signal.AnswerStatus.REJECTED, "busy"));

        dialer.hear(new Signal.Candidates(offer.sessionId(), List.of("198.51.100.1:7", "[2001:db8::1]:8")));
        assertThat(tunnels.peerCandidates).hasSize(2);

        dialer.hear(new Signal.SessionTerminate(offer.sessionId(), "user"));
        assertThat(dialer.take()).isEqualTo(new Signal.SessionClosed(offer.sessionId(), "terminated: user"));
        assertThat(tunnels.closed).hasValue(1);
        dialer.hear(offer);
        assertThat(dialer.take()).as("an old offer opens nothing").isEqualTo(answer);
        assertThat(dialer.take()).isEqualTo(new Signal.SessionClosed(offer.sessionId(), "ended before"));
        assertThat(tunnels.specs).hasSize(1);
        dialer.hear(second);
        assertThat(((Signal.SessionAnswer) dialer.take()).status())
                .as("busy stays the answer to that offer")
                .isEqualTo(Signal.AnswerStatus.REJECTED);
        dialer.hear(offer());
        assertThat(((Signal.SessionAnswer) dialer.take()).status()).isEqualTo(Signal.AnswerStatus.READY);
    }

    @Test
    void an_offer_waits_for_the_place_of_a_session_that_is_ending() throws Exception {
        start();
        dialer.up();
        Signal.SessionOffer first = offer();
        dialer.hear(first);
        dialer.clear();
        tunnels.mayClose = new CountDownLatch(1);
        dialer.hear(new Signal.SessionTerminate(first.sessionId(), "replaced"));
        Signal.SessionOffer next = offer();
        Thread line = Thread.ofVirtual().start(() -> dialer.hear(next));
        await(() -> line.getState() == Thread.State.TIMED_WAITING || !line.isAlive());
        tunnels.mayClose.countDown();
        assertThat(dialer.take()).isEqualTo(new Signal.SessionClosed(first.sessionId(), "terminated: replaced"));
        Signal.SessionAnswer answer = (Signal.SessionAnswer) dialer.take();
        assertThat(answer.sessionId()).isEqualTo(next.sessionId());
        assertThat(answer.status()).isEqualTo(Signal.AnswerStatus.READY);
        line.join();
    }

    @Test
    void a_session_goes_on_while_the_control_plane_is_away_and_is_listed_when_it_is_back() throws Exception {
        start();
        dialer.up();
        Signal.SessionOffer offer = offer();
        dialer.hear(offer);
        tunnels.listener.up();
        assertThat(wire.units.poll(20, TimeUnit.SECONDS)).isNotNull();
        dialer.down();
        assertThat(role.state()).isEqualTo(HostRole.State.DIALLING);
        int before = wire.units.size();
        await(() -> wire.units.size() > before + 20);
        dialer.clear();
        dialer.up();
        assertThat(dialer.take()).isEqualTo(new Signal.SessionList(List.of(offer.sessionId())));
        assertThat(((Signal.Heartbeat) dialer.take()).payload().activeSessions())
                .isEqualTo(1);
    }

    @Test
    void an_offer_that_can_not_be_served_is_rejected_with_the_reason() throws Exception {
        start();
        dialer.up();
        dialer.clear();
        tunnels.failure = new io.nvremote.core.StreamException(io.nvremote.tunnel.TunnelError.BAD_KEY, "low order");
        dialer.hear(offer());
        assertThat(((Signal.SessionAnswer) dialer.take()).reason()).isEqualTo("BAD_KEY");
    }

    @Test
    void the_status_page_answers_its_owner_alone() throws Exception {
        start();
        dialer.up();
        RankedServices<io.nvremote.encode.Encoder> encoders = new RankedServices<>();
        encoders.add(Fakes.offered(new Fakes.Letter('a'), 1, 0, "h264", "enc", "1.0.0"));
        Path data = folder.resolve("data");
        try (StatusPage page = StatusPage.open(role, encoders, data, 0);
                var http = java.net.http.HttpClient.newHttpClient()) {
            assertThat(page).isNotNull();
            dialer.hear(offer());
            JsonNode where = json.readTree(data.resolve("status.json").toFile());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("status.json"))))
                    .isEqualTo("rw-------");
            var request = java.net.http.HttpRequest.newBuilder(
                    URI.create(where.get("url").asText()));
            var text = java.net.http.HttpResponse.BodyHandlers.ofString();
            assertThat(http.send(request.copy().build(), text).statusCode()).isEqualTo(401);
            assertThat(http.send(
                                    request.copy()
                                            .header("Authorization", "Bearer wrong")
                                            .build(),
                                    text)
                            .statusCode())
                    .isEqualTo(401);
            var answer = http.send(
                    request.copy()
                            .header(
                                    "Authorization",
                                    "Bearer " + where.get("token").asText())
                            .build(),
                    text);
            JsonNode status = json.readTree(answer.body());
            assertThat(status.get("state").asText()).isEqualTo("ONLINE");
            assertThat(status.get("encoders").get(0).get("name").asText()).isEqualTo("enc");
            assertThat(status.get("sessions")).hasSize(1);
        }
        assertThat(data.resolve("status.json")).doesNotExist();
    }

    private void start() {
        SessionParts parts = new SessionParts(
                tunnels, wire, captures(), encoders(), new RankedServices<>(), Fakes.PLAN, (encoder, reason) -> {});
        HostSettings settings = new HostSettings(
                URI.create("http://127.0.0.1:" + control.getAddress().getPort()),
                URI.create("wss://127.0.0.1:1/ws/host"),
                ORG,
                new TokenSource(folder.resolve("token").toString(), ""),
                null,
                folder.resolve("data"),
                "workstation",
                1,
                Fakes.PLAN,
                -1);
        role = new HostRole(
                settings, dialer, parts, new HostSensors(Clock.system(), NvmlLibrary.open("libnvidia-ml-absent.so.1")));
        role.start();
    }

    private static RankedServices<io.nvremote.capture.CaptureSource> captures() {
        RankedServices<io.nvremote.capture.CaptureSource> shelf = new RankedServices<>();
        shelf.add(Fakes.offered(new Fakes.Card(), 1, 0, "card", "capture", "1.0.0"));
        return shelf;
    }

    private static RankedServices<io.nvremote.encode.Encoder> encoders() {
        RankedServices<io.nvremote.encode.Encoder> shelf = new RankedServices<>();
        shelf.add(Fakes.offered(new Fakes.Letter('a'), 1, 0, "h264", "enc", "1.0.0"));
        return shelf;
    }

    private static Signal.SessionOffer offer() {
        return new Signal.SessionOffer(
                io.nvremote.core.SessionId.next(),
                KEY,
                "10.100.42.2",
                "10.100.42.3",
                "127.0.0.1:51820",
                KEY,
                "c2VjcmV0",
                "auto");
    }

    private byte[] certify(JsonNode body) throws Exception {
        assertThat(body.get("hostname").asText()).isEqualTo("workstation");
        assertThat(body.get("os_info").get("name").asText()).isNotEmpty();
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

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        boolean seen = condition.getAsBoolean();
        for (int i = 0; i < 4_000 && !seen; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
            seen = condition.getAsBoolean();
        }
        assertThat(seen).isTrue();
    }

    /** Plays the control plane's end of the newest link. */
    private static final class Dialer implements SignalDialer {
        final BlockingQueue<SSLContext> dialled = new LinkedBlockingQueue<>();
        final AtomicInteger closes = new AtomicInteger();
        final BlockingQueue<Signal> said = new LinkedBlockingQueue<>();
        private volatile LinkListener listener;
        private volatile Link link;

        private final class Link implements SignalLink {
            private volatile boolean open;

            @Override
            public boolean send(Signal signal) {
                if (open) {
                    said.add(signal);
                }
                return open;
            }

            @Override
            public void close() {
                closes.incrementAndGet();
                open = false;
            }
        }

        @Override
        public SignalLink dial(URI uri, SSLContext tls, LinkListener hears) {
            Link next = new Link();
            link = next;
            listener = hears;
            dialled.add(tls);
            return next;
        }

        void up() throws InterruptedException {
            if (listener == null) {
                assertThat(dialled.poll(20, TimeUnit.SECONDS)).isNotNull();
            }
            link.open = true;
            listener.up(link);
        }

        void down() {
            link.open = false;
            listener.down(1006, "");
        }

        void hear(Signal signal) {
            listener.received(link, signal);
        }

        Signal take() throws InterruptedException {
            return Objects.requireNonNull(said.poll(20, TimeUnit.SECONDS), "nothing said in 20 s");
        }

        void clear() {
            said.clear();
        }
    }
}
