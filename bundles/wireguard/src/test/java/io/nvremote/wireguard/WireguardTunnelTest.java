// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.PathPolicy;
import io.nvremote.core.SessionId;
import io.nvremote.core.TunnelAddress;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.path.probing.ProbingPaths;
import io.nvremote.tck.TunnelRelay;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelListener;
import io.nvremote.tunnel.TunnelPath;
import io.nvremote.tunnel.TunnelPort;
import io.nvremote.tunnel.TunnelRole;
import io.nvremote.tunnel.TunnelSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two tunnels of the provider over real sockets with a relay between them. */
class WireguardTunnelTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final WireguardProvider provider = new WireguardProvider(new ProbingPaths());
    private final TunnelKeys clientKeys = provider.newKeys();
    private final TunnelKeys hostKeys = provider.newKeys();
    private TunnelRelay relay;
    private Tunnel client;
    private Tunnel host;
    private final CountDownLatch direct = new CountDownLatch(2);

    @BeforeEach
    void a_relay() {
        relay = new TunnelRelay();
    }

    @AfterEach
    void clean() {
        provider.close();
        relay.close();
    }

    private void open(PathPolicy policy) throws IOException {
        SessionId session = SessionId.next();
        host = provider.open(spec(session, TunnelRole.RESPONDER, hostKeys, clientKeys.publicKey(), policy), listener());
        client = provider.open(
                spec(session, TunnelRole.INITIATOR, clientKeys, hostKeys.publicKey(), policy), listener());
        assertThat(client.awaitUp(PATIENCE)).isTrue();
        assertThat(host.awaitUp(PATIENCE)).isTrue();
    }

    private TunnelListener listener() {
        return new TunnelListener() {
            @Override
            public void pathChanged(TunnelPath path) {
                if (path.kind() == TunnelPath.Kind.DIRECT) {
                    direct.countDown();
                }
            }
        };
    }

    private TunnelSpec spec(
            SessionId session, TunnelRole role, TunnelKeys mine, TunnelPublicKey peer, PathPolicy policy) {
        TunnelSpec plain = VirtualPeer.spec(session, role, mine, peer, relay.endpoint(), policy);
        TunnelAddress one = TunnelAddress.parse("10.100.0.1");
        TunnelAddress two = TunnelAddress.parse("10.100.0.2");
        boolean initiator = role == TunnelRole.INITIATOR;
        return new TunnelSpec(
                session,
                role,
                mine,
                peer,
                initiator ? one : two,
                initiator ? two : one,
                plain.relay(),
                policy,
                VirtualPeer.MTU);
    }

    @Test
    void datagrams_of_every_length_arrive_both_ways_through_the_relay() throws Exception {
        open(PathPolicy.RELAY);
        BlockingQueue<Integer> lengths = new LinkedBlockingQueue<>();
        try (TunnelPort far = host.bind(5006, (from, datagram) -> lengths.add(from * 10_000 + datagram.remaining()));
                TunnelPort near = client.bind(5004, (from, datagram) -> lengths.add(-datagram.remaining()))) {
            for (int length = 0; length <= near.largestDatagramBytes(); length += 7) {
                near.send(5006, ByteBuffer.allocate(length));
                assertThat(lengths.poll(20, TimeUnit.SECONDS)).isEqualTo(5004 * 10_000 + length);
                far.send(5004, ByteBuffer.allocateDirect(length));
                assertThat(lengths.poll(20, TimeUnit.SECONDS)).isEqualTo(-length);
            }
            assertThat(near.maxDatagramBytes()).isEqualTo(VirtualPeer.MTU - 28);
            assertThatThrownBy(() -> near.send(5006, ByteBuffer.allocate(near.largestDatagramBytes() + 1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(client.ping(PATIENCE)).isPositive();
        assertThat(host.ping(PATIENCE)).isPositive();
        assertThat(client.path()).isEqualTo(new TunnelPath(TunnelPath.Kind.RELAY, relay.endpoint()));
        assertThat(client.candidates()).isEmpty();
        assertThat(client.stats().rejected()).isZero();
        assertThat(client.stats().handshakes()).isEqualTo(1);
    }

    @Test
    void the_direct_path_is_found_and_the_relay_left_alone() throws Exception {
        open(PathPolicy.AUTO);
        Machines.await(
                () -> !client.candidates().isEmpty() && !host.candidates().isEmpty(), "candidates");
        client.peerCandidates(host.candidates());
        host.peerCandidates(client.candidates());

        assertThat(direct.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(client.path().kind()).isEqualTo(TunnelPath.Kind.DIRECT);
        int passed = relay.passed();
        assertThat(client.ping(PATIENCE)).isPositive();
        assertThat(host.ping(PATIENCE)).isPositive();
        assertThat(relay.passed()).isEqualTo(passed);
        assertThat(client.stats().pathChanges()).isEqualTo(1);
    }

    /** What the next burst is made of: lengths by chance, the number in front. */
    private static List<ByteBuffer> burst(int first, int count, int length, Random random) {
        List<ByteBuffer> burst = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int bytes = random.nextInt(4) == 0 ? 4 + random.nextInt(length - 3) : length;
            burst.add(ByteBuffer.allocate(bytes).putInt(0, first + i));
        }
        return burst;
    }

    @Test
    void bursts_of_any_size_arrive_whole_in_order() throws Exception {
        open(PathPolicy.RELAY);
        ((WireguardTunnel) client).switchTo(own(host));
        Random random = new Random(7);
        BlockingQueue<Integer> numbers = new LinkedBlockingQueue<>();
        try (TunnelPort far = host.bind(1, (from, datagram) -> numbers.add(datagram.getInt()));
                TunnelPort near = client.bind(2, (from, datagram) -> {})) {
            int sent = 0;
            long bytes = 0;
            for (int count : new int[] {0, 1, 2, 64, 65, 70, 100, 100, 100, 100}) {
                List<ByteBuffer> burst = burst(sent, count, near.maxDatagramBytes(), random);
                bytes += burst.stream().mapToInt(ByteBuffer::remaining).sum();
                near.sendAll(1, burst);
                assertThat(burst).allMatch(datagram -> !datagram.hasRemaining());
                for (int i = 0; i < count; i++) {
                    assertThat(numbers.poll(20, TimeUnit.SECONDS)).isEqualTo(sent + i);
                }
                sent += count;
            }
            assertThat(client.stats().sentDatagrams()).isEqualTo(sent);
            assertThat(client.stats().sentBytes()).isEqualTo(bytes);
            assertThat(far.maxDatagramBytes()).isEqualTo(near.maxDatagramBytes());
        }
    }

    @Test
    void a_burst_with_a_datagram_too_long_is_refused_from_there_on() throws Exception {
        open(PathPolicy.RELAY);
        BlockingQueue<Integer> lengths = new LinkedBlockingQueue<>();
        try (TunnelPort far = host.bind(1, (from, datagram) -> lengths.add(datagram.remaining()));
                TunnelPort near = client.bind(2, (from, datagram) -> {})) {
            List<ByteBuffer> burst = List.of(
                    ByteBuffer.allocate(10),
                    ByteBuffer.allocate(near.largestDatagramBytes() + 1),
                    ByteBuffer.allocate(30));
            assertThatThrownBy(() -> near.sendAll(1, burst)).isInstanceOf(IllegalArgumentException.class);
            near.send(1, ByteBuffer.allocate(40));
            assertThat(lengths.poll(20, TimeUnit.SECONDS)).isEqualTo(10);
            assertThat(lengths.poll(20, TimeUnit.SECONDS)).isEqualTo(40);
            assertThat(far.maxDatagramBytes()).isPositive();
        }
    }

    @Test
    void the_way_may_change_and_the_tunnel_close_among_bursts() throws Exception {
        open(PathPolicy.RELAY);
        WireguardTunnel sending = (WireguardTunnel) client;
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<Throwable> failed = new AtomicReference<>();
        TunnelPort near = client.bind(2, (from, datagram) -> {});
        Thread sender = Thread.ofPlatform().start(() -> {
            Random random = new Random(3);
            while (!stop.get()) {
                near.sendAll(1, burst(0, 30, near.maxDatagramBytes(), random));
            }
        });
        sender.setUncaughtExceptionHandler((thread, e) -> failed.set(e));
        Machines.await(() -> sending.bursts().datagrams() > 1000, "bursts leave");
        for (int i = 0; i < 20; i++) {
            sending.switchTo(i % 2 == 0 ? own(host) : relay.endpoint());
            assertThat(client.ping(PATIENCE)).isPositive();
        }
        client.close();
        assertThat(sending.bursts().isSpent()).isTrue();
        stop.set(true);
        sender.join();
        assertThat(failed.get()).isNull();
    }

    /** Where a tunnel's socket is on loopback. */
    private static InetSocketAddress own(Tunnel tunnel) {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                ((WireguardTunnel) tunnel).bursts().port());
    }

    @Test
    void an_interrupted_sender_does_not_end_the_tunnel() throws Exception {
        open(PathPolicy.RELAY);
        BlockingQueue<Integer> arrived = new LinkedBlockingQueue<>();
        try (TunnelPort far = host.bind(1, (from, datagram) -> arrived.add(from));
                TunnelPort near = client.bind(2, (from, datagram) -> arrived.add(-1))) {
            Thread sender = Thread.startVirtualThread(() -> {
                Thread.currentThread().interrupt();
                near.send(1, ByteBuffer.allocate(10));
            });
            sender.join();
            assertThat(arrived.poll(20, TimeUnit.SECONDS)).isEqualTo(2);
            assertThat(far.maxDatagramBytes()).isPositive();
        }
        assertThat(client.ping(PATIENCE)).isPositive();
    }
}
