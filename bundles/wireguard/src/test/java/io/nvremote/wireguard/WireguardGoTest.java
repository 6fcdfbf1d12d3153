// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.Clock;
import io.nvremote.core.PathPolicy;
import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.TunnelAddress;
import io.nvremote.path.probing.ProbingPaths;
import io.nvremote.tunnel.RelayBinding;
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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a WireGuard of other authors: wireguard-go with a real network device, on a machine of its own. */
class WireguardGoTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int ECHO_PORT = 7007;
    private static final Pattern SEQUENCE = Pattern.compile("icmp_seq=(\\d+)");

    private final WireguardProvider provider = new WireguardProvider(new ProbingPaths());
    private Machines machines;
    private TunnelKeys goKeys;
    private WireguardTunnel tunnel;

    @BeforeEach
    void a_second_machine() throws IOException, InterruptedException {
        machines = new Machines();
        goKeys = provider.newKeys();
    }

    @AfterEach
    void clean() throws IOException, InterruptedException {
        if (tunnel != null) {
            tunnel.close();
        }
        if (machines != null) {
            machines.close();
        }
    }

    private WireguardTunnel open(TunnelRole role, PathPolicy policy, InetSocketAddress endpoint) throws IOException {
        TunnelKeys keys = provider.newKeys();
        javaPublicKey = keys.publicKey().toString();
        tunnel = WireguardTunnel.open(
                new TunnelSpec(
                        SessionId.next(),
                        role,
                        keys,
                        goKeys.publicKey(),
                        TunnelAddress.parse(Machines.JAVA_INNER),
                        TunnelAddress.parse(Machines.GO_INNER),
                        new RelayBinding(
                                endpoint, new Secret(Base64.getEncoder().encodeToString(new byte[32]))),
                        policy,
                        Machines.MTU),
                new ProbingPaths(),
                new TunnelListener() {},
                Clock.system());
        return tunnel;
    }

    private String javaPublicKey;

    private InetSocketAddress go() {
        return new InetSocketAddress(machines.there(), Machines.PORT);
    }

    private String goPrivateKey() {
        return Base64.getEncoder().encodeToString(goKeys.privateKey());
    }

    private void goWaits() throws IOException, InterruptedException {
        machines.configure(goPrivateKey(), javaPublicKey, null);
    }

    private void pingFromThere(int count) throws IOException, InterruptedException {
        pingFromThere(count, "0.05", 20);
    }

    /**
     * Pings until that many answers came, however late on a loaded machine, and checks that they are those to the first
     * ones: were one lost, a later one would stand in its place.
     */
    private void pingFromThere(int count, String interval, int deadline) throws IOException, InterruptedException {
        String output = machines.runThere(
                "ping",
                "-c",
                Integer.toString(count),
                "-i",
                interval,
                "-w",
                Integer.toString(deadline),
                "-M",
                "do",
                "-s",
                "1200",
                Machines.JAVA_INNER);
        assertThat(SEQUENCE.matcher(output).results().map(r -> Integer.valueOf(r.group(1))))
                .as(output.substring(Math.max(0, output.length() - 300)))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, count).boxed().toList());
    }

    /** Sends {@code count} numbered datagrams to an echo server behind wireguard-go, at a quiet pace. */
    private Set<Integer> echo(int count, Runnable halfway) throws IOException, InterruptedException {
        machines.javaThere(EchoServer.class, Machines.GO_INNER, Integer.toString(ECHO_PORT));
        Set<Integer> back = ConcurrentHashMap.newKeySet();
        AtomicBoolean awake = new AtomicBoolean();
        try (TunnelPort port = tunnel.bind(5004, (peerPort, datagram) -> {
            int number = datagram.getInt();
            if (number < 0) {
                awake.set(true);
            } else {
                back.add(number);
            }
        })) {
            ByteBuffer payload = ByteBuffer.allocate(port.maxDatagramBytes());
            Machines.await(
                    () -> { // the echo server is there once it answers
                        port.send(ECHO_PORT, payload.clear().putInt(0, -1));
                        return awake.get();
                    },
                    "an echo");
            for (int i = 0; i < count; i++) {
                if (i == count / 2) {
                    halfway.run();
                }
                port.send(ECHO_PORT, payload.clear().putInt(0, i));
                TimeUnit.MILLISECONDS.sleep(2);
                // No more under way than the buffers of a busy machine hold.
                int sent = i;
                Machines.await(() -> back.size() > sent - 32, "the echoes before");
            }
            Machines.await(() -> back.size() >= count, "all echoes");
        }
        return back;
    }

    @Test
    void we_call_and_data_passes_both_ways() throws Exception {
        open(TunnelRole.INITIATOR, PathPolicy.AUTO, go());
        goWaits();

        assertThat(tunnel.awaitUp(PATIENCE)).isTrue();
        assertThat(tunnel.ping(PATIENCE)).isPositive();
        pingFromThere(20);
        assertThat(echo(500, () -> {})).hasSize(500);
    }

    /** Sends bursts to an echo server behind wireguard-go until enough happened, each when all of the one before is back. */
    private void echoBursts(BooleanSupplier enough) throws IOException, InterruptedException {
        machines.javaThere(EchoServer.class, Machines.GO_INNER, Integer.toString(ECHO_PORT));
        Set<Integer> back = ConcurrentHashMap.newKeySet();
        try (TunnelPort port = tunnel.bind(5004, (peerPort, datagram) -> back.add(datagram.getInt()))) {
            Machines.await(
                    () -> {
                        port.send(ECHO_PORT, ByteBuffer.allocate(4).putInt(0, -1));
                        return !back.isEmpty();
                    },
                    "an echo");
            List<Integer> expected = new ArrayList<>();
            for (int round = 0; round < 20 || !enough.getAsBoolean(); round++) {
                assertThat(round).as("bursts without what was waited for").isLessThan(1000);
                List<ByteBuffer> burst = new ArrayList<>();
                for (int i = 0; i < 30; i++) {
                    int number = 30 * round + i;
                    int length = i == 29 ? 100 : port.maxDatagramBytes();
                    burst.add(ByteBuffer.allocate(length).putInt(0, number));
                    expected.add(number);
                }
                port.sendAll(ECHO_PORT, burst);
                Machines.await(() -> back.containsAll(expected), "all echoes of a burst");
            }
        }
    }

    @Test
    void bursts_arrive_whole() throws Exception {
        open(TunnelRole.INITIATOR, PathPolicy.AUTO, go());
        goWaits();
        assertThat(tunnel.awaitUp(PATIENCE)).isTrue();

        echoBursts(() -> tunnel.bursts().datagrams() >= 300);

        assertThat(tunnel.bursts().isOpen()).isTrue();
    }

    @Test
    void a_device_too_narrow_for_bursts_gets_all_datagrams_one_by_one() throws Exception {
        open(TunnelRole.INITIATOR, PathPolicy.AUTO, go());
        goWaits();
        assertThat(tunnel.awaitUp(PATIENCE)).isTrue();
        machines.narrow(1000); // single datagrams are cut up by the kernel there, bursts can't be

        echoBursts(() -> tunnel.bursts().isSpent());

        assertThat(tunnel.bursts().datagrams()).isZero();
    }

    @Test
    void it_calls_and_data_passes_both_ways() throws Exception {
        open(TunnelRole.RESPONDER, PathPolicy.AUTO, go());
        InetSocketAddress mine = tunnel.candidates().stream()
                .filter(c -> c.getAddress().getHostAddress().equals(machines.here()))
                .findFirst()
                .orElseThrow();
        machines.configure(goPrivateKey(), javaPublicKey, machines.here() + ":" + mine.getPort());

        assertThat(tunnel.awaitUp(PATIENCE)).isTrue();
        pingFromThere(20);
        assertThat(tunnel.ping(PATIENCE)).isPositive();
        assertThat(echo(200, () -> {})).hasSize(200);
    }

    @Test
    void forged_and_replayed_packets_change_nothing() throws Exception {
        try (Wiretap tap = new Wiretap(machines.here(), go())) {
            open(TunnelRole.INITIATOR, PathPolicy.RELAY, tap.endpoint());
            goWaits();
            assertThat(tunnel.awaitUp(PATIENCE)).isTrue();
            tunnel.ping(PATIENCE);
            pingFromThere(3);
            long rejected = tunnel.stats().rejected();
            long received = tunnel.stats().receivedDatagrams();

            List<byte[]> recorded = List.copyOf(tap.inward);
            for (byte[] datagram : recorded) {
                tap.injectInward(datagram); // again, as it was
                byte[] forged = datagram.clone();
                forged[forged.length - 1] ^= 1;
                tap.injectInward(forged);
            }
            Machines.await(() -> tunnel.stats().rejected() >= rejected + 2L * recorded.size(), "all refused");
            assertThat(tunnel.stats().receivedDatagrams()).isEqualTo(received);

            for (byte[] datagram : List.copyOf(tap.outward)) {
                tap.injectOutward(datagram);
            }
            assertThat(tunnel.ping(PATIENCE)).isPositive();
            pingFromThere(10);
        }
    }

    @Test
    void the_endpoint_switches_under_traffic_without_a_lost_datagram() throws Exception {
        try (Wiretap tap = new Wiretap(machines.here(), go())) {
            open(TunnelRole.INITIATOR, PathPolicy.RELAY, tap.endpoint());
            goWaits();
            assertThat(tunnel.awaitUp(PATIENCE)).isTrue();
            long handshakes = tunnel.stats().handshakes();

            assertThat(echo(1000, () -> tunnel.switchTo(go()))).hasSize(1000);

            assertThat(tunnel.path()).isEqualTo(new TunnelPath(TunnelPath.Kind.DIRECT, go()));
            assertThat(tunnel.stats().handshakes()).isEqualTo(handshakes);
            assertThat(machines.show("endpoints"))
                    .doesNotContain(":" + tap.endpoint().getPort());
        }
    }

    @Test
    void we_follow_a_plain_peer_that_moves() throws Exception {
        open(TunnelRole.INITIATOR, PathPolicy.AUTO, go());
        goWaits();
        assertThat(tunnel.awaitUp(PATIENCE)).isTrue();
        tunnel.ping(PATIENCE);

        machines.listenOn(Machines.PORT + 7);
        pingFromThere(5);

        assertThat(tunnel.path().endpoint().getPort()).isEqualTo(Machines.PORT + 7);
        assertThat(tunnel.ping(PATIENCE)).isPositive();
    }
}
