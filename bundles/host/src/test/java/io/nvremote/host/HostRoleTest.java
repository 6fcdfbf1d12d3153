// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nvremote.core.Clock;
import io.nvremote.core.Endpoint;
import io.nvremote.core.GatewayKey;
import io.nvremote.core.HostId;
import io.nvremote.core.PathPolicy;
import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelAddress;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.gpu.GpuSensor;
import io.nvremote.identity.Credentials;
import io.nvremote.identity.HostFacts;
import io.nvremote.identity.HostIdentity;
import io.nvremote.identity.IdentityError;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.signaling.HostSessions;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a host: identity, link, offers, with a dialler that plays the control plane. */
class HostRoleTest {

    private static final HostId HOST = HostId.next();
    private static final TunnelPublicKey KEY = TunnelPublicKey.parse("A".repeat(42) + "E=");

    @TempDir
    Path folder;

    private final ObjectMapper json = new ObjectMapper();
    private final Papers papers = new Papers();
    private final Dialer dialer = new Dialer();
    private final Fakes.Wire wire = new Fakes.Wire();
    private final Fakes.Tunnels tunnels = new Fakes.Tunnels();
    private volatile GpuSensor gpu;
    private final List<HostSessions> others = new CopyOnWriteArrayList<>();
    private HostRole role;
    private @Nullable HostRole next;

    @AfterEach
    void end() {
        if (role != null) {
            role.close();
        }
        if (next != null) {
            next.close();
        }
    }

    @Test
    void without_an_identity_a_host_does_not_dial_and_one_that_waits_for_it_stops_at_once() throws Exception {
        papers.refusal = new StreamException(IdentityError.IDENTITY_EXPIRED, "expired");
        start();
        await(() -> role.state() == HostRole.State.NOT_ENROLLED);
        role.close();
        papers.refusal = null;
        papers.arrived = new CountDownLatch(1);
        start();
        await(() -> role.state() == HostRole.State.ENROLLING);
        assertThat(dialer.dialled).isEmpty();
        role.close();
        await(() -> papers.interrupted);
        assertThat(dialer.dialled).isEmpty();
    }

    @Test
    void the_next_certificate_is_asked_for_over_the_link_and_a_new_link_takes_over() throws Exception {
        papers.request = "csr";
        start();
        SSLContext before = Objects.requireNonNull(dialer.dialled.poll(20, TimeUnit.SECONDS));
        dialer.up();
        SignalDialer.LinkListener first = dialer.listener;
        dialer.take();
        dialer.take();
        dialer.take();
        assertThat(dialer.take()).isEqualTo(new Signal.CertificateRequest("csr"));

        dialer.hear(new Signal.Certificate("rubbish", "ca"));
        assertThat(dialer.dialled).as("the present one stays in force").isEmpty();
        assertThat(role.state()).isEqualTo(HostRole.State.ONLINE);
        papers.request = null;
        dialer.hear(new Signal.Certificate("chain", "ca"));
        assertThat(dialer.dialled.poll(20, TimeUnit.SECONDS))
                .isNotSameAs(before)
                .isNotNull();
        assertThat(role.state()).as("the old link serves until then").isEqualTo(HostRole.State.ONLINE);
        dialer.clear();
        dialer.up();
        assertThat(dialer.closes).as("the old link").hasValue(1);
        first.down(1008, "REPLACED");
        assertThat(role.state()).isEqualTo(HostRole.State.ONLINE);
        assertThat(dialer.take()).isInstanceOf(Signal.SessionList.class);
        assertThat(dialer.take()).isInstanceOf(Signal.Heartbeat.class);
        assertThat(dialer.take()).isInstanceOf(Signal.HostDescription.class);
        assertThat(dialer.said).as("nothing more is asked for").isEmpty();
    }

    @Test
    void a_machine_that_slept_past_its_certificate_dials_with_the_next_one_or_not_at_all() throws Exception {
        papers.expires = Instant.now().minusSeconds(1);
        start();
        SSLContext before = Objects.requireNonNull(dialer.dialled.poll(20, TimeUnit.SECONDS));
        SSLContext next = Objects.requireNonNull(dialer.dialled.poll(60, TimeUnit.SECONDS));
        assertThat(next).isNotSameAs(before);

        papers.refusal = new StreamException(IdentityError.IDENTITY_EXPIRED, "the grace is over");
        await(() -> role.state() == HostRole.State.NOT_ENROLLED);
        await(() -> dialer.closes.get() > 0);
        int dialled = dialer.dialled.size();
        assertThat(dialled).as("dialled while the next one was refused").isZero();
    }

    @Test
    void a_heartbeat_tells_of_the_gpu_as_its_sensor_comes_and_goes() {
        HostSensors sensors = new HostSensors(Clock.system(), () -> gpu);
        assertThat(sensors.now(0).gpuName()).isNull();
        gpu = () -> Optional.of(new GpuSensor.Reading("Card", 12.5, 4096, 17));
        Signal.HostMetrics now = sensors.now(0);
        assertThat(now.gpuName()).isEqualTo("Card");
        assertThat(List.of(now.gpuUsage(), now.gpuVramTotalMb(), now.gpuVramUsedMb()))
                .isEqualTo(List.of(12.5, 4096L, 17L));
        gpu = Optional::empty;
        assertThat(sensors.now(0).gpuName()).as("no GPU is invented").isNull();
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
        assertThat(dialer.take())
                .isEqualTo(new Signal.HostDescription("gpu-1", Map.of("name", "Linux"), Map.of(), "0.1.0"));
        papers.name = "gpu-2";
        dialer.listener.down(1006, "");
        dialer.up();
        dialer.take();
        dialer.take();
        assertThat(((Signal.HostDescription) dialer.take()).hostname()).isEqualTo("gpu-2");
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
        assertThat(answer.hostPublicKey()).isNotNull();
        assertThat(dialer.take())
                .isEqualTo(new Signal.Candidates(offer.sessionId(), List.of(Endpoint.parse("192.0.2.7:4242"))));
        dialer.hear(offer);
        assertThat(dialer.take()).isEqualTo(answer);
        assertThat(tunnels.specs).hasSize(1);

        Signal.SessionOffer second = offer();
        dialer.clear();
        dialer.hear(second);
        assertThat(dialer.take())
                .isEqualTo(new Signal.SessionAnswer(second.sessionId(), null, Signal.AnswerStatus.REJECTED, "busy"));

        dialer.hear(new Signal.Candidates(
                offer.sessionId(), List.of(Endpoint.parse("198.51.100.1:7"), Endpoint.parse("[2001:db8::1]:8"))));
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
    void its_figures_tell_sessions_and_each_link_that_was_lost_and_came_back() throws Exception {
        String reconnects = "nvremote_host_signaling_reconnects[]";
        start();
        await(() -> !dialer.dialled.isEmpty());
        dialer.listener.down(1006, "");
        assertThat(Figures.of(role::report))
                .containsEntry("nvremote_host_online[]", 0.0)
                .containsEntry("nvremote_host_sessions[]", 0.0);
        dialer.up();
        dialer.hear(offer());
        assertThat(Figures.of(role::report))
                .containsEntry("nvremote_host_online[]", 1.0)
                .containsEntry("nvremote_host_sessions[]", 1.0)
                .containsEntry(reconnects, 0.0);
        dialer.down();
        dialer.listener.down(1006, "in vain");
        dialer.up();
        assertThat(Figures.of(role::report)).containsEntry(reconnects, 1.0);
        dialer.hear(new Signal.Certificate("chain", "ca"));
        await(() -> dialer.dialled.size() == 2);
        dialer.up();
        assertThat(Figures.of(role::report))
                .as("another certificate is no reconnect")
                .containsEntry(reconnects, 1.0);
    }

    @Test
    void an_offer_that_can_not_be_served_is_rejected_with_the_reason() throws Exception {
        start();
        dialer.up();
        dialer.clear();
        tunnels.failure = new StreamException(io.nvremote.tunnel.TunnelError.BAD_KEY, "low order");
        dialer.hear(offer());
        assertThat(((Signal.SessionAnswer) dialer.take()).reason()).isEqualTo("BAD_KEY");
    }

    @Test
    void the_status_page_answers_its_owner_alone() throws Exception {
        start();
        dialer.up();
        Path data = folder.resolve("data");
        try (StatusPage page = StatusPage.open(role, data, 0);
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
            assertThat(status.at("/tracks/video/encoders/0/name").asText()).isEqualTo("enc");
            assertThat(status.get("sessions")).hasSize(1);
            assertThat(status.at("/sessions/0/tracks").properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactly("control", "cursor", "input", "statistics", "video");
            assertThat(status.at("/sessions/0/tracks/video/captured").isNumber())
                    .isTrue();
        }
        assertThat(data.resolve("status.json")).doesNotExist();
    }

    /** As the component offers it to other versions. */
    private static HostSessions sessionsOf(HostRole role) {
        return new HostSessions() {
            @Override
            public Set<SessionId> sessions() {
                return role.desk().ids();
            }

            @Override
            public void received(Signal signal) {
                role.take(signal);
            }

            @Override
            public void speakBy(Consumer<Signal> line) {
                role.speakBy(line);
            }

            @Override
            public Map<SessionId, Map<String, Object>> describe() {
                return role.desk().describe();
            }
        };
    }

    /** Another version beside the one that runs. */
    private HostRole another(Dialer dials) {
        HostRole fresh = role(dials, new OtherVersions(() -> List.of(sessionsOf(role))));
        next = fresh;
        others.add(sessionsOf(fresh));
        return fresh;
    }

    @Test
    void sessions_end_where_they_began_when_another_version_takes_over() throws Exception {
        start();
        dialer.up();
        Signal.SessionOffer offer = offer();
        dialer.hear(offer);
        Dialer theirs = new Dialer();
        HostRole fresh = another(theirs);

        dialer.clear();
        role.retire();
        assertThat(dialer.take())
                .as("so that nobody takes the other one for a copy")
                .isEqualTo(new Signal.ConnectionMove());
        fresh.start();
        dialer.hear(new Signal.Candidates(offer.sessionId(), List.of(Endpoint.parse("198.51.100.1:7"))));
        assertThat(tunnels.peerCandidates)
                .as("served until the other one's line is up")
                .hasSize(1);
        assertThat(dialer.closes).hasValue(0);
        theirs.up();
        assertThat(dialer.closes).hasValue(1);
        assertThat(theirs.take()).isEqualTo(new Signal.SessionList(List.of(offer.sessionId())));
        assertThat(((Signal.Heartbeat) theirs.take()).payload().activeSessions())
                .isEqualTo(1);
        assertThat(fresh.others().describe()).containsOnlyKeys(offer.sessionId());
        assertThat(Figures.of(role::report)).doesNotContainKey("nvremote_host_sessions[]");
        assertThat(Figures.of(fresh::report)).containsEntry("nvremote_host_sessions[]", 1.0);

        theirs.clear();
        theirs.hear(new Signal.Candidates(offer.sessionId(), List.of(Endpoint.parse("198.51.100.2:7"))));
        assertThat(tunnels.peerCandidates).contains(new InetSocketAddress("198.51.100.2", 7));
        theirs.hear(offer);
        assertThat(((Signal.SessionAnswer) theirs.take()).status()).isEqualTo(Signal.AnswerStatus.READY);
        theirs.clear();
        theirs.hear(offer());
        assertThat(((Signal.SessionAnswer) theirs.take()).reason())
                .as("the host is full")
                .isEqualTo("busy");
        assertThat(role.underway()).containsExactly("sessions: 1");
        theirs.hear(new Signal.SessionTerminate(offer.sessionId(), "user"));
        assertThat(theirs.take()).isEqualTo(new Signal.SessionClosed(offer.sessionId(), "terminated: user"));
        assertThat(role.underway()).isEmpty();
        theirs.hear(offer());
        assertThat(((Signal.SessionAnswer) theirs.take()).status()).isEqualTo(Signal.AnswerStatus.READY);
        assertThat(fresh.underway()).containsExactly("sessions: 1");
        assertThat(dialer.dialled).as("who retired does not dial").hasSizeLessThan(2);
    }

    @Test
    void a_line_that_goes_while_another_version_dials_does_not_come_back_until_it_is_to() throws Exception {
        start();
        dialer.up();
        dialer.dialled.clear();
        Dialer theirs = new Dialer();
        HostRole fresh = another(theirs);
        role.retire();
        assertThat(role.underway()).containsExactly("the line to the control plane");
        dialer.down();
        assertThat(dialer.closes).as("it is not dialled again").hasValue(1);
        assertThat(role.underway()).isEmpty();
        role.dialerChanged();
        assertThat(dialer.dialled).isEmpty();
        fresh.start();
        theirs.up();

        fresh.retire();
        role.resume();
        assertThat(dialer.dialled.poll(20, TimeUnit.SECONDS)).isNotNull();
        theirs.clear();
        dialer.clear();
        dialer.up();
        assertThat(dialer.take()).isEqualTo(new Signal.SessionList(List.of()));
        assertThat(theirs.closes).hasValue(1);
        dialer.clear();
        dialer.hear(offer());
        assertThat(((Signal.SessionAnswer) dialer.take()).status()).isEqualTo(Signal.AnswerStatus.READY);
        assertThat(theirs.said).isEmpty();
    }

    @Test
    void one_that_is_to_go_on_before_it_had_stopped_beats_once() throws Exception {
        start();
        dialer.up();
        for (int i = 0; i < 20; i++) {
            dialer.dialled.clear();
            role.retire();
            role.resume();
            assertThat(dialer.dialled.poll(20, TimeUnit.SECONDS)).isNotNull();
            dialer.up();
        }
        dialer.clear();
        dialer.hear(offer());
        await(() -> dialer.said.stream().anyMatch(Signal.Candidates.class::isInstance));
        assertThat(dialer.said.stream().filter(Signal.Heartbeat.class::isInstance))
                .as("every ten seconds")
                .hasSizeLessThan(3);
    }

    private void start() {
        role = role(dialer, new OtherVersions(() -> others));
        role.start();
    }

    private HostRole role(Dialer dials, OtherVersions known) {
        SessionParts parts = ComposedSession.parts(
                        tunnels,
                        wire,
                        captures(),
                        encoders(),
                        new RankedServices<>(),
                        Fakes.PLAN,
                        (encoder, reason) -> {})
                .session();
        HostSettings settings =
                new HostSettings(URI.create("wss://127.0.0.1:1/ws/host"), folder.resolve("data"), 1, Fakes.PLAN, -1);
        return new HostRole(
                settings,
                new HostServices(() -> papers, () -> dials, () -> null, known),
                parts,
                new HostSensors(Clock.system(), () -> gpu));
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
                TunnelAddress.parse("10.100.42.2"),
                TunnelAddress.parse("10.100.42.3"),
                Endpoint.parse("127.0.0.1:51820"),
                GatewayKey.parse(KEY.toString()),
                new Secret("c2VjcmV0"),
                PathPolicy.AUTO);
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        boolean seen = condition.getAsBoolean();
        for (int i = 0; i < 4_000 && !seen; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
            seen = condition.getAsBoolean();
        }
        assertThat(seen).isTrue();
    }

    /** Who the host is, when the test says so. */
    private static final class Papers implements HostIdentity {
        volatile CountDownLatch arrived = new CountDownLatch(0);
        volatile boolean interrupted;
        volatile StreamException refusal;
        volatile String request;
        volatile String name = "gpu-1";

        @Override
        public HostFacts facts() {
            return new HostFacts(name, Map.of("name", "Linux"), Map.of(), "0.1.0");
        }

        volatile Instant expires = Instant.MAX;

        @Override
        public Credentials obtain() throws InterruptedException {
            try {
                arrived.await();
            } catch (InterruptedException e) {
                interrupted = true;
                throw e;
            }
            if (refusal != null) {
                throw refusal;
            }
            return fresh();
        }

        private Credentials fresh() {
            try {
                return new Credentials(HOST, SSLContext.getInstance("TLSv1.3"), expires);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Optional<String> renewalRequest() {
            return Optional.ofNullable(request);
        }

        @Override
        public Credentials renewed(String certificate, String authority) {
            if (certificate.equals("rubbish")) {
                throw new StreamException(IdentityError.CERTIFICATE_UNUSABLE, "rubbish");
            }
            return fresh();
        }
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
