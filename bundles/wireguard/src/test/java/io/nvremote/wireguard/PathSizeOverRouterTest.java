// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.PathPolicy;
import io.nvremote.core.SessionId;
import io.nvremote.core.TunnelAddress;
import io.nvremote.path.probing.ProbingPaths;
import io.nvremote.tck.TunnelRelay;
import io.nvremote.tunnel.RelayBinding;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelListener;
import io.nvremote.tunnel.TunnelPath;
import io.nvremote.tunnel.TunnelPort;
import io.nvremote.tunnel.TunnelRole;
import io.nvremote.tunnel.TunnelSpec;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two machines with the kernel's own router between them, which drops what is too long and says nothing. */
class PathSizeOverRouterTest {

    /** IPv4, UDP and WireGuard outside, IPv4 and UDP inside. */
    private static final int HEADERS = 28 + 32 + 28;

    private final WireguardProvider provider = new WireguardProvider(new ProbingPaths());
    private final TunnelKeys near = provider.newKeys();
    private final TunnelKeys far = provider.newKeys();
    private final Set<Integer> back = ConcurrentHashMap.newKeySet();
    private RoutedMachines machines;
    private TunnelRelay relay;
    private int next;

    @BeforeEach
    void two_machines() throws Exception {
        machines = new RoutedMachines();
        relay = new TunnelRelay(InetAddress.getByName(machines.here()));
    }

    @AfterEach
    void clean() throws Exception {
        provider.close();
        if (machines != null) {
            machines.close();
        }
        if (relay != null) {
            relay.close();
        }
    }

    private Tunnel connect() throws Exception {
        SessionId session = SessionId.next();
        TunnelSpec spec = new TunnelSpec(
                session,
                TunnelRole.INITIATOR,
                near,
                far.publicKey(),
                TunnelAddress.parse("10.100.2.1"),
                TunnelAddress.parse("10.100.2.2"),
                new RelayBinding(relay.endpoint(), relay.ticket()),
                PathPolicy.AUTO,
                TunnelSpec.MTU_BYTES);
        String publicKey = near.publicKey().toString();
        Tunnel tunnel = provider.open(spec, new TunnelListener() {});
        Machines.await(() -> !tunnel.candidates().isEmpty(), "candidates");
        int port = tunnel.candidates().getFirst().getPort();
        BufferedReader said = machines.javaThere(
                        FarEnd.class,
                        List.of(
                                session.toString(),
                                Base64.getEncoder().encodeToString(far.privateKey()),
                                far.publicKey().toString(),
                                publicKey,
                                machines.here(),
                                Integer.toString(relay.endpoint().getPort()),
                                relay.ticket().reveal(),
                                machines.here(),
                                Integer.toString(port)))
                .inputReader();
        tunnel.peerCandidates(List.of(new InetSocketAddress(machines.there(), Integer.parseInt(said.readLine()))));
        Machines.await(() -> tunnel.path().kind() == TunnelPath.Kind.DIRECT, "the direct way");
        return tunnel;
    }

    /** Numbered datagrams as long as the path carries, there and back: sent until fifty of them have come back. */
    private void talk(TunnelPort port) throws InterruptedException {
        int first = next;
        Machines.await(
                () -> {
                    port.send(
                            FarEnd.PORT,
                            ByteBuffer.allocate(port.maxDatagramBytes()).putInt(0, next++));
                    return back.stream().filter(number -> number >= first).count() >= 50;
                },
                "datagrams of " + port.maxDatagramBytes() + " bytes come back");
        assertThat(next - first).as("few are lost").isLessThan(75);
    }

    @Test
    void a_probe_of_size_leaves_in_one_piece_or_not_at_all() throws Exception {
        machines.narrowHere(1280);
        InetSocketAddress to = new InetSocketAddress(machines.there(), 9);
        try (TunnelSocket socket = TunnelSocket.open()) {
            long before = RoutedMachines.fragments();
            for (int i = 0; i < 50; i++) {
                socket.sendWhole(new byte[1400], 1400, to);
            }
            assertThat(RoutedMachines.fragments() - before)
                    .as("pieces of probes")
                    .isLessThan(50);
            for (int i = 0; i < 50; i++) {
                socket.send(new byte[1400], 1400, to);
            }
            assertThat(RoutedMachines.fragments() - before)
                    .as("data may be cut")
                    .isGreaterThanOrEqualTo(100);
        }
    }

    @Test
    void the_size_rises_to_what_the_router_lets_through_and_falls_when_it_lets_less() throws Exception {
        machines.narrow(1400);
        Tunnel tunnel = connect();
        try (TunnelPort port = tunnel.bind(5004, (from, datagram) -> back.add(datagram.getInt()))) {
            Machines.await(() -> port.maxDatagramBytes() >= 1400 - HEADERS - 16, "the search");
            talk(port);
            assertThat(port.maxDatagramBytes()).isLessThanOrEqualTo(1400 - HEADERS);

            machines.narrow(1280);
            Machines.await(() -> port.maxDatagramBytes() == TunnelSpec.MTU_BYTES - 28, "what every path carries");
            talk(port);
            assertThat(tunnel.carriesLargest(java.time.Duration.ofSeconds(20))).isTrue();
            assertThat(tunnel.path().kind()).isEqualTo(TunnelPath.Kind.DIRECT);
        }
    }
}
