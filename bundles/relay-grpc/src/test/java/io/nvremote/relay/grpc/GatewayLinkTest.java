// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.nvremote.core.Clock;
import io.nvremote.core.Endpoint;
import io.nvremote.core.GatewayId;
import io.nvremote.core.GatewayKey;
import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.relay.GatewayInfo;
import io.nvremote.relay.RelayCounters;
import io.nvremote.relay.RelayError;
import io.nvremote.relay.RelaySession;
import io.nvremote.relay.RelayTable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends over a real socket with real certificates. */
class GatewayLinkTest {

    private static final Endpoint ENDPOINT = Endpoint.parse("gw.example.org:51820");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final GatewayId id = GatewayId.next();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private Table table = new Table();
    private TestAuthority authority;

    @TempDir
    private Path folder;

    /** Remembers sessions the way a relay does. */
    private static final class Table implements RelayTable {

        private final Map<SessionId, RelaySession> sessions = new LinkedHashMap<>();
        private long last;

        @Override
        public synchronized void upsert(long sequence, RelaySession session) {
            newer(sequence);
            sessions.put(session.id(), session);
        }

        @Override
        public synchronized void remove(long sequence, SessionId session) {
            newer(sequence);
            sessions.remove(session);
        }

        @Override
        public synchronized void replaceAll(long sequence, Collection<RelaySession> all) {
            newer(sequence);
            sessions.clear();
            all.forEach(session -> sessions.put(session.id(), session));
        }

        private void newer(long sequence) {
            if (sequence <= last) {
                throw new StreamException(RelayError.STALE_CHANGE, "old");
            }
            last = sequence;
        }

        @Override
        public synchronized long sequence() {
            return last;
        }

        @Override
        public synchronized RelayCounters counters() {
            return RelayCounters.of(sessions.size(), 1, 2, 3, 4, Map.of("malformed", 5L));
        }

        synchronized List<RelaySession> all() {
            return List.copyOf(sessions.values());
        }
    }

    @BeforeEach
    void makeAuthority() {
        authority = new TestAuthority(folder, "ca");
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    private static RelaySession session() {
        return new RelaySession(
                SessionId.next(),
                key(),
                key(),
                ticket(),
                ticket(),
                Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MILLIS));
    }

    private static TunnelPublicKey key() {
        byte[] key = new byte[32];
        RANDOM.nextBytes(key);
        key[31] &= 0x7F;
        return TunnelPublicKey.of(key);
    }

    private static Secret ticket() {
        byte[] ticket = new byte[32];
        RANDOM.nextBytes(ticket);
        return new Secret(Base64.getEncoder().encodeToString(ticket));
    }

    private ControlServer gateway(int port, Identity identity) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        ControlServer gateway =
                ControlServer.open(address, identity, table, new GatewayInfo(id, ENDPOINT, identity.fingerprint()));
        opened.add(gateway);
        return gateway;
    }

    private ControlServer gateway(int port) {
        return gateway(port, authority.identity("gateway", Identity.gateway(id.toString())));
    }

    private LinkedGateway link(int port) {
        return link(port, authority.identity("control", Identity.CONTROL_PLANE));
    }

    private LinkedGateway link(int port, Identity identity) {
        LinkedGateway link = LinkedGateway.open(id, "127.0.0.1:" + port, identity, Clock.system());
        opened.add(link);
        return link;
    }

    private static void eventually(BooleanSupplier condition) {
        for (int i = 0; i < 600 && !condition.getAsBoolean(); i++) {
            Clock.system().sleep(Duration.ofMillis(50));
        }
        assertThat(condition.getAsBoolean()).as("within 30 s").isTrue();
    }

    private LinkedGateway connected(int port) {
        LinkedGateway link = link(port);
        eventually(link::connected);
        return link;
    }

    @Test
    void sessions_travel_whole_and_figures_come_back() {
        LinkedGateway link = connected(gateway(0).port());
        RelaySession one = session();
        RelaySession early = new RelaySession(SessionId.next(), key(), null, ticket(), ticket(), one.expires());
        link.upsert(one);
        link.upsert(early);

        assertThat(table.all()).containsExactly(one, early);
        assertThat(link.metrics()).isEqualTo(table.counters());
        assertThat(link.remove(one.id())).isTrue();
        assertThat(table.all()).containsExactly(early);
        assertThat(link.replaceAll(List.of(one))).isTrue();
        assertThat(table.all()).containsExactly(one);
    }

    @Test
    void the_gateway_presents_itself() {
        Identity identity = authority.identity("gateway", Identity.gateway(id.toString()));
        GatewayInfo info = connected(gateway(0, identity).port()).info().orElseThrow();
        assertThat(info.id()).isEqualTo(id);
        assertThat(info.endpoint()).isEqualTo(ENDPOINT);
        assertThat(info.publicKey()).isEqualTo(identity.fingerprint());
    }

    @Test
    void a_gateway_that_tells_of_itself_what_can_not_be_is_asked_again() throws Exception {
        GatewayInfo good = new GatewayInfo(id, ENDPOINT, GatewayKey.of(new byte[32]));
        AtomicInteger asked = new AtomicInteger();
        GatewayControlService service = new GatewayControlService(table, good) {
            @Override
            public void info(GatewayProto.InfoRequest request, StreamObserver<GatewayProto.InfoReply> reply) {
                int time = asked.incrementAndGet();
                if (time > 2) {
                    super.info(request, reply);
                    return;
                }
                reply.onNext(GatewayProto.InfoReply.newBuilder()
                        .setGatewayId(id.toString())
                        .setEndpoint(time == 1 ? "gw.example.org:0" : ENDPOINT.toString())
                        .setPublicKey(time == 2 ? "short" : good.publicKey().toString())
                        .build());
                reply.onCompleted();
            }
        };
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sslContext(authority
                        .identity("gateway", Identity.gateway(id.toString()))
                        .server())
                .addService(service)
                .build()
                .start();
        opened.add(server::shutdownNow);
        assertThat(connected(server.getPort()).info()).contains(good);
        assertThat(asked).hasValueGreaterThan(2);
    }

    @Test
    void a_restarted_gateway_gets_the_full_set_again() {
        ControlServer gateway = gateway(0);
        int port = gateway.port();
        LinkedGateway link = connected(port);
        RelaySession one = session();
        RelaySession two = session();
        link.replaceAll(List.of(one));
        link.upsert(two);

        gateway.close();
        eventually(() -> !link.connected());
        assertThatThrownBy(() -> link.upsert(session()))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(RelayError.GATEWAY_UNAVAILABLE));
        assertThat(link.remove(one.id())).as("not confirmed").isFalse();

        table = new Table();
        gateway(port);
        eventually(link::connected);
        assertThat(table.all()).containsExactly(two);
    }

    @Test
    void a_control_plane_that_starts_anew_keeps_live_sessions_until_it_says_which() throws Exception {
        int port = gateway(0).port();
        LinkedGateway first = connected(port);
        RelaySession live = session();
        RelaySession over = session();
        first.replaceAll(List.of(live, over));
        first.close();

        LinkedGateway second = connected(port);
        assertThat(table.all()).containsExactly(live, over);
        second.replaceAll(List.of(live));
        assertThat(table.all()).containsExactly(live);
    }

    @Test
    void a_gateway_whose_numbers_are_ahead_is_caught_up_with() {
        LinkedGateway link = connected(gateway(0).port());
        table.remove(Long.MAX_VALUE / 2, SessionId.next());
        RelaySession one = session();
        link.upsert(one);
        assertThat(table.all()).containsExactly(one);
        assertThat(table.sequence()).isEqualTo(Long.MAX_VALUE / 2 + 1);
    }

    private void neverConnects(LinkedGateway link) {
        Clock.system().sleep(Duration.ofMillis(1_500));
        assertThat(link.connected()).isFalse();
        assertThat(link.info()).isEmpty();
        assertThatThrownBy(link::metrics).isInstanceOf(StreamException.class);
        assertThat(table.sequence()).isZero();
    }

    @Test
    void a_client_of_another_authority_is_refused() {
        TestAuthority other = new TestAuthority(folder, "other");
        neverConnects(link(gateway(0).port(), other.identity("stranger", Identity.CONTROL_PLANE, authority)));
    }

    @Test
    void a_client_of_our_authority_with_another_name_is_refused() {
        String host = "spiffe://nvremote/host/" + id;
        neverConnects(link(gateway(0).port(), authority.identity("host", host)));
    }

    @Test
    void a_gateway_with_another_id_or_authority_is_refused_and_told_apart_from_a_silent_one() {
        Identity imposter =
                authority.identity("imposter", Identity.gateway(GatewayId.next().toString()));
        LinkedGateway link = link(gateway(0, imposter).port());
        neverConnects(link);
        assertThatThrownBy(link::metrics).isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                .isEqualTo(RelayError.GATEWAY_REFUSED));

        TestAuthority other = new TestAuthority(folder, "other");
        Identity foreign = other.identity("foreign", Identity.gateway(id.toString()), authority);
        neverConnects(link(gateway(0, foreign).port()));
    }

    @Test
    void both_ends_take_a_renewed_certificate_for_the_next_connection_without_a_restart() {
        Identity gateway = authority.identity("gateway", Identity.gateway(id.toString()));
        ControlServer first = gateway(0, gateway);
        LinkedGateway link = connected(first.port());
        GatewayKey before = gateway.fingerprint();

        // As after a month: other files where the old ones were, and not even the authority is the same.
        TestAuthority next = new TestAuthority(folder, "ca");
        next.identity("gateway", Identity.gateway(id.toString()));
        next.identity("control", Identity.CONTROL_PLANE);
        int port = first.port();
        first.close();
        eventually(() -> !link.connected());
        gateway(port, gateway);

        eventually(link::connected);
        assertThat(gateway.fingerprint()).isNotEqualTo(before);
    }

    @Test
    void a_malformed_session_is_refused_by_the_gateway_and_changes_nothing() {
        GatewayControlService port =
                new GatewayControlService(table, new GatewayInfo(id, ENDPOINT, GatewayKey.of(new byte[32])));
        List<Throwable> errors = new ArrayList<>();
        port.upsert(
                GatewayProto.UpsertRequest.newBuilder()
                        .setSequence(1)
                        .setSession(Messages.session(session()).toBuilder().setClientPublicKey("short"))
                        .build(),
                new StreamObserver<>() {
                    @Override
                    public void onNext(GatewayProto.ChangeReply value) {
                        errors.add(new AssertionError("accepted"));
                    }

                    @Override
                    public void onError(Throwable e) {
                        errors.add(e);
                    }

                    @Override
                    public void onCompleted() {
                        errors.add(new AssertionError("completed"));
                    }
                });
        assertThat(errors)
                .singleElement()
                .asString()
                .contains("INVALID_ARGUMENT")
                .contains("BAD_SESSION");
        assertThat(table.all()).isEmpty();
    }

    @Test
    void a_taken_port_is_named() {
        int port = gateway(0).port();
        assertThatThrownBy(() -> gateway(port))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(RelayError.PORT_IN_USE))
                .hasMessageContaining(":" + port);
    }

    @Test
    void a_wrong_own_name_is_named() {
        assertThatThrownBy(() -> authority.identity("x", "spiffe://else").requireOwnName(Identity.CONTROL_PLANE))
                .hasMessageContaining("must name spiffe://nvremote/control-plane");
    }

    /** Each end waits for its key material then, and would say nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"certificate.file", "key.file", "ca.file"})
    void a_file_by_its_setting_of_before_is_refused_with_the_configuration_to_write(String key) {
        assertThatThrownBy(() -> new FormerControlFiles(Map.of(key, "/x.pem")))
                .hasMessageStartingWith("io.nvremote.relay.grpc.server " + key + ": is no setting any more; write it ")
                .hasMessageEndingWith("under io.nvremote.keys.file~gateway, with keys.name=gateway");
        assertThatThrownBy(() -> new FormerLinkFiles(Map.of(key, "/x.pem")))
                .hasMessageStartingWith("io.nvremote.relay.grpc.client " + key + ": is no setting any more; write it ")
                .hasMessageEndingWith("under io.nvremote.keys.file~control-plane, with keys.name=control-plane");
        assertThatCode(() -> new FormerLinkFiles(Map.of("target", "a.example:7443")))
                .doesNotThrowAnyException();
    }
}
