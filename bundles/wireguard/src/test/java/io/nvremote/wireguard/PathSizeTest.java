// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.SessionId;
import io.nvremote.tunnel.PathPolicy;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelPath;
import io.nvremote.tunnel.TunnelRole;
import io.nvremote.tunnel.TunnelSpec;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths that drop what is larger than they carry and tell nobody (no ICMP), in virtual time. */
class PathSizeTest {

    private static final InetSocketAddress RELAY = new InetSocketAddress("192.0.2.1", 51820);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("198.51.100.1", 1111);
    private static final InetSocketAddress HOST = new InetSocketAddress("203.0.113.1", 2222);
    private static final int IPV4_AND_UDP = 28;
    private static final int IPV6_AND_UDP = 48;

    private final VirtualWorld world = new VirtualWorld();

    @SuppressWarnings("unused") // it lives in the world
    private final VirtualRelay relay = new VirtualRelay(world, RELAY);

    private VirtualPeer client;
    private VirtualPeer host;

    private void connect() {
        SessionId session = SessionId.next();
        TunnelKeys clientKeys = VirtualPeer.keys();
        TunnelKeys hostKeys = VirtualPeer.keys();
        host = new VirtualPeer(
                world,
                HOST,
                VirtualPeer.spec(
                        session, TunnelRole.RESPONDER, hostKeys, clientKeys.publicKey(), RELAY, PathPolicy.AUTO));
        client = new VirtualPeer(
                world,
                CLIENT,
                VirtualPeer.spec(
                        session, TunnelRole.INITIATOR, clientKeys, hostKeys.publicKey(), RELAY, PathPolicy.AUTO));
        world.run(Duration.ofSeconds(1));
        client.path.peerCandidates(host.path.candidates(), world.now);
        host.path.peerCandidates(client.path.candidates(), world.now);
    }

    private static boolean direct(VirtualWorld.Flight flight) {
        return !flight.from().equals(RELAY) && !flight.to().equals(RELAY);
    }

    /** Full-size packets of video from the host that arrived, of a hundred. */
    private int video() {
        int before = client.inbox.size();
        byte[] packet = new byte[VirtualPeer.MTU + Protocol.PADDING];
        for (int i = 0; i < 100; i++) {
            host.engine.send(packet, VirtualPeer.MTU, world.now);
            world.run(Duration.ofMillis(10));
        }
        world.run(Duration.ofMillis(100));
        return client.inbox.size() - before;
    }

    @ParameterizedTest
    @CsvSource({"1500, DIRECT", "1280, DIRECT", "1240, RELAY", "576, RELAY"})
    void a_direct_way_is_taken_if_it_carries_video_and_else_the_relay_goes_on(int mtu, TunnelPath.Kind expected) {
        world.loss = flight -> direct(flight) && flight.bytes().length + IPV4_AND_UDP > mtu;
        connect();
        world.run(Duration.ofSeconds(4));
        assertThat(video()).isEqualTo(100);
        assertThat(host.path.path().kind()).isEqualTo(expected);
        assertThat(client.path.path().kind()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void a_direct_way_that_carries_video_one_way_only_is_not_taken(boolean towardsClient) {
        world.loss =
                flight -> direct(flight) && flight.to().equals(CLIENT) == towardsClient && flight.bytes().length > 1000;
        connect();
        world.run(Duration.ofSeconds(4));
        assertThat(video()).isEqualTo(100);
        assertThat(host.path.path().kind()).isEqualTo(TunnelPath.Kind.RELAY);
    }

    @Test
    void a_direct_way_that_becomes_too_small_is_left_for_the_relay() {
        connect();
        world.run(Duration.ofSeconds(2));
        assertThat(host.path.path().kind()).isEqualTo(TunnelPath.Kind.DIRECT);
        world.loss = flight -> direct(flight) && flight.bytes().length > 1000;
        world.run(Duration.ofSeconds(8));
        assertThat(host.path.path().kind()).isEqualTo(TunnelPath.Kind.RELAY);
        assertThat(video()).isEqualTo(100);
    }

    @Test
    void a_relay_whose_path_is_1280_carries_the_session_s_largest_packets() {
        world.loss = flight -> flight.bytes().length + IPV6_AND_UDP > 1280;
        connect();
        assertThat(VirtualPeer.MTU).isEqualTo(TunnelSpec.MTU_BYTES);
        assertThat(video()).isEqualTo(100);
    }
}
