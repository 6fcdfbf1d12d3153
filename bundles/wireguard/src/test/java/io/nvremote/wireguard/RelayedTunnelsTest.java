// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.PathPolicy;
import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelAddress;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.path.probing.ProbingPaths;
import io.nvremote.tunnel.RelayBinding;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelError;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelListener;
import io.nvremote.tunnel.TunnelPath;
import io.nvremote.tunnel.TunnelPort;
import io.nvremote.tunnel.TunnelRole;
import io.nvremote.tunnel.TunnelSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two of our own tunnels, the real relay between them, real sockets on loopback. */
class RelayedTunnelsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PORT = 5004;
    private static final int MTU = 1280;

    private final WireguardProvider provider = new WireguardProvider(new ProbingPaths());
    private final SessionId session = SessionId.next();
    private final TunnelKeys clientKeys = provider.newKeys();
    private final TunnelKeys hostKeys = provider.newKeys();
    private final Set<Integer> clientHeard = ConcurrentHashMap.newKeySet();
    private final Set<Integer> hostHeard = ConcurrentHashMap.newKeySet();
    private final List<TunnelPath> clientPaths = new CopyOnWriteArrayList<>();
    private LoopbackGateway gateway;
    private Tunnel client;
    private Tunnel host;
    private TunnelPort clientPort;
    private TunnelPort hostPort;
    private int next;

    @BeforeEach
    void a_gateway_with_the_session() throws IOException {
        gateway = new LoopbackGateway();
        gateway.serve(session, clientKeys, hostKeys);
    }

    @AfterEach
    void close() {
        provider.close();
        gateway.close();
    }

    private TunnelSpec spec(TunnelRole role, TunnelKeys mine, TunnelPublicKey peer, Secret ticket, PathPolicy policy) {
        boolean first = role == TunnelRole.INITIATOR;
        return new TunnelSpec(
                session,
                role,
                mine,
                peer,
                inner(first ? 1 : 2),
                inner(first ? 2 : 1),
                new RelayBinding(gateway.endpoint(), ticket),
                policy,
                MTU);
    }

    private static TunnelAddress inner(int last) {
        return TunnelAddress.parse("10.100.0." + last);
    }

    private void connect(PathPolicy policy) {
        client = provider.open(
                spec(TunnelRole.INITIATOR, clientKeys, hostKeys.publicKey(), gateway.clientTicket, policy),
                new TunnelListener() {
                    @Override
                    public void pathChanged(TunnelPath path) {
                        clientPaths.add(path);
                    }
                });
        host = provider.open(
                spec(TunnelRole.RESPONDER, hostKeys, clientKeys.publicKey(), gateway.hostTicket, policy),
                new TunnelListener() {});
        clientPort = client.bind(PORT, (from, datagram) -> clientHeard.add(datagram.getInt()));
        hostPort = host.bind(PORT, (from, datagram) -> hostHeard.add(datagram.getInt()));
        assertThat(client.awaitUp(PATIENCE)).isTrue();
        assertThat(host.awaitUp(PATIENCE)).isTrue();
    }

    /** Numbered datagrams both ways, one each 2 ms, until it holds; then a few more. */
    private void talkUntil(Machines.Check done) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!done.holds()) {
            assertThat(System.nanoTime()).as("it happens in time").isLessThan(end);
            talk(1);
        }
        talk(100);
    }

    private void talk(int count) throws InterruptedException {
        ByteBuffer datagram = ByteBuffer.allocate(1000);
        for (int i = 0; i < count; i++) {
            clientPort.send(PORT, datagram.clear().putInt(0, next));
            hostPort.send(PORT, datagram.clear().putInt(0, next));
            next++;
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    private void assertAllArrivedFrom(int first) throws InterruptedException {
        Set<Integer> all = IntStream.range(first, next).boxed().collect(Collectors.toSet());
        Machines.await(() -> clientHeard.containsAll(all) && hostHeard.containsAll(all), "every datagram arrives");
    }

    private void tellCandidates() {
        client.peerCandidates(host.candidates());
        host.peerCandidates(client.candidates());
    }

    private static boolean on(TunnelPath.Kind kind, Tunnel tunnel) {
        return tunnel.path().kind() == kind;
    }

    @Test
    void they_meet_at_the_relay_and_talk() throws InterruptedException {
        connect(PathPolicy.AUTO);
        assertThat(client.ping(PATIENCE)).isPositive();
        assertThat(host.ping(PATIENCE)).isPositive();
        talk(200);
        assertAllArrivedFrom(0);
        assertThat(client.path()).isEqualTo(new TunnelPath(TunnelPath.Kind.RELAY, gateway.endpoint()));
        assertThat(client.stats().rejected() + host.stats().rejected()).isZero();
        assertThat(client.stats().sentDatagrams()).isEqualTo(200);
        assertThat(host.stats().receivedBytes()).isEqualTo(200_000);
        assertThat(client.candidates())
                .as("seen by the relay as it is, on loopback")
                .hasSize(1)
                .allMatch(c -> c.getAddress().isLoopbackAddress());
    }

    @Test
    void they_switch_to_the_direct_way_without_a_lost_datagram() throws InterruptedException {
        connect(PathPolicy.AUTO);
        talk(50);
        tellCandidates();
        talkUntil(() -> on(TunnelPath.Kind.DIRECT, client) && on(TunnelPath.Kind.DIRECT, host));

        assertAllArrivedFrom(0);
        assertThat(client.path().endpoint()).isIn(host.candidates());
        assertThat(client.stats().handshakes()).as("the same session all along").isEqualTo(1);
        long relayed = gateway.counters().datagrams();
        talk(200);
        assertAllArrivedFrom(0);
        assertThat(gateway.counters().datagrams() - relayed)
                .as("the relay rests")
                .isLessThan(10);
    }

    @Test
    void the_relay_policy_never_leaves_the_relay() throws InterruptedException {
        connect(PathPolicy.AUTO);
        List<InetSocketAddress> clientAt = client.candidates();
        List<InetSocketAddress> hostAt = host.candidates();
        client.close();
        host.close();
        TunnelKeys otherClient = provider.newKeys();
        TunnelKeys otherHost = provider.newKeys();
        gateway.serve(session, otherClient, otherHost);
        client = provider.open(
                spec(TunnelRole.INITIATOR, otherClient, otherHost.publicKey(), gateway.clientTicket, PathPolicy.RELAY),
                new TunnelListener() {});
        host = provider.open(
                spec(TunnelRole.RESPONDER, otherHost, otherClient.publicKey(), gateway.hostTicket, PathPolicy.RELAY),
                new TunnelListener() {});
        clientPort = client.bind(PORT, (from, datagram) -> clientHeard.add(datagram.getInt()));
        hostPort = host.bind(PORT, (from, datagram) -> hostHeard.add(datagram.getInt()));
        assertThat(client.awaitUp(PATIENCE) && host.awaitUp(PATIENCE)).isTrue();

        assertThat(client.candidates()).as("nobody learns the addresses").isEmpty();
        client.peerCandidates(hostAt);
        host.peerCandidates(clientAt);
        talk(700);

        assertAllArrivedFrom(0);
        assertThat(client.stats().pathChanges() + host.stats().pathChanges()).isZero();
        assertThat(on(TunnelPath.Kind.RELAY, client) && on(TunnelPath.Kind.RELAY, host))
                .isTrue();
        assertThat(gateway.counters().datagrams()).isGreaterThanOrEqualTo(1400);
    }

    @Test
    void a_direct_way_that_goes_silent_gives_way_to_the_relay() throws Exception {
        connect(PathPolicy.AUTO);
        try (Wiretap direct = new Wiretap("127.0.0.1", host.candidates().getFirst())) {
            client.peerCandidates(List.of(direct.endpoint()));
            talkUntil(() -> on(TunnelPath.Kind.DIRECT, client) && on(TunnelPath.Kind.DIRECT, host));
            assertAllArrivedFrom(0);
            assertThat(client.path().endpoint()).isEqualTo(direct.endpoint());

            direct.severed = true;
            talkUntil(() -> on(TunnelPath.Kind.RELAY, client) && on(TunnelPath.Kind.RELAY, host));
            int back = next;
            talk(200);
            assertAllArrivedFrom(back);
            assertThat(clientPaths)
                    .extracting(TunnelPath::kind)
                    .containsExactly(TunnelPath.Kind.DIRECT, TunnelPath.Kind.RELAY);
            assertThat(client.ping(PATIENCE)).isPositive();
        }
    }

    @Test
    void a_relay_that_restarts_is_found_again() throws InterruptedException {
        connect(PathPolicy.RELAY);
        talk(20);
        gateway.serve(session, clientKeys, hostKeys);
        int before = next;
        // Both sides talk into silence, doubt, and bind again.
        talkUntil(() -> clientHeard.contains(next - 2) && hostHeard.contains(next - 2));
        assertThat(next).isGreaterThan(before);
        assertThat(client.ping(PATIENCE)).isPositive();
    }

    @Test
    void a_bundle_that_stops_takes_its_tunnels_along_and_wipes_their_keys() {
        connect(PathPolicy.AUTO);
        provider.close();
        assertThat(clientKeys.privateKey()).containsOnly(0);
        assertThat(hostKeys.privateKey()).containsOnly(0);
        clientPort.send(PORT, ByteBuffer.allocate(4));
        assertThat(client.stats().sentDatagrams()).as("lost without a word").isZero();
        assertThatThrownBy(() -> host.ping(Duration.ofMillis(300)))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(TunnelError.CLOSED));
    }

    @Test
    void a_relay_whose_name_has_no_address_is_refused_and_the_key_wiped() {
        TunnelSpec good =
                spec(TunnelRole.INITIATOR, clientKeys, hostKeys.publicKey(), gateway.clientTicket, PathPolicy.AUTO);
        TunnelSpec bad = new TunnelSpec(
                session,
                good.role(),
                clientKeys,
                good.peerPublicKey(),
                good.address(),
                good.peerAddress(),
                new RelayBinding(InetSocketAddress.createUnresolved("gateway.invalid", 51820), gateway.clientTicket),
                good.policy(),
                MTU);
        assertThatThrownBy(() -> provider.open(bad, new TunnelListener() {}))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(TunnelError.SOCKET_UNAVAILABLE));
        assertThat(clientKeys.privateKey()).containsOnly(0);
    }

    @Test
    void a_silent_peer_is_told_by_the_ping() {
        client = provider.open(
                spec(TunnelRole.INITIATOR, clientKeys, hostKeys.publicKey(), gateway.clientTicket, PathPolicy.AUTO),
                new TunnelListener() {});
        assertThat(client.awaitUp(Duration.ofMillis(300))).isFalse();
        assertThatThrownBy(() -> client.ping(Duration.ofMillis(700)))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(TunnelError.PEER_SILENT));
    }
}
