// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.PathPolicy;
import io.nvremote.core.SessionId;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelPath;
import io.nvremote.tunnel.TunnelRole;
import io.nvremote.tunnel.TunnelSpec;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths that drop what is larger than they carry and tell nobody (no ICMP), in virtual time. */
class PathSizeTest {

    private static final InetSocketAddress RELAY = new InetSocketAddress("192.0.2.1", 51820);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("198.51.100.1", 1111);
    private static final InetSocketAddress HOST = new InetSocketAddress("203.0.113.1", 2222);
    private static final InetSocketAddress CLIENT_6 = new InetSocketAddress("2001:db8::1", 1111);
    private static final InetSocketAddress HOST_6 = new InetSocketAddress("2001:db8:1::1", 2222);
    private static final int IPV4_AND_UDP = 28;
    private static final int IPV6_AND_UDP = 48;

    private final VirtualWorld world = new VirtualWorld();

    @SuppressWarnings("unused") // it lives in the world
    private final VirtualRelay relay = new VirtualRelay(world, RELAY);

    private VirtualPeer client;
    private VirtualPeer host;

    private void connect() {
        connect(CLIENT, HOST);
    }

    private void connect(InetSocketAddress clientAt, InetSocketAddress hostAt) {
        SessionId session = SessionId.next();
        TunnelKeys clientKeys = VirtualPeer.keys();
        TunnelKeys hostKeys = VirtualPeer.keys();
        host = new VirtualPeer(
                world,
                hostAt,
                VirtualPeer.spec(
                        session, TunnelRole.RESPONDER, hostKeys, clientKeys.publicKey(), RELAY, PathPolicy.AUTO));
        client = new VirtualPeer(
                world,
                clientAt,
                VirtualPeer.spec(
                        session, TunnelRole.INITIATOR, clientKeys, hostKeys.publicKey(), RELAY, PathPolicy.AUTO));
        world.run(Duration.ofSeconds(1));
        client.path.peerCandidates(host.path.candidates(), world.now);
        host.path.peerCandidates(client.path.candidates(), world.now);
    }

    private static boolean direct(VirtualWorld.Flight flight) {
        return !flight.from().equals(RELAY) && !flight.to().equals(RELAY);
    }

    /** Packets of video from the host, as large as the path carries, that arrived of a hundred. */
    private int video() {
        int before = client.inbox.size();
        byte[] packet = new byte[Protocol.MOST_MTU + Protocol.PADDING];
        for (int i = 0; i < 100; i++) {
            host.engine.send(packet, host.engine.mtuBytes(), world.now);
            world.run(Duration.ofMillis(10));
        }
        world.run(Duration.ofMillis(100));
        return client.inbox.size() - before;
    }

    private void directWaysCarry(int mtu, int headers) {
        world.loss = flight -> direct(flight) && flight.bytes().length + headers > mtu;
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

    @ParameterizedTest
    @CsvSource({"1280", "1281", "1300", "1400", "1420", "1454", "1492", "1500", "9000"})
    void the_size_is_searched_upwards_to_what_a_direct_way_carries(int mtu) {
        directWaysCarry(mtu, IPV4_AND_UDP);
        connect();
        world.run(Duration.ofSeconds(20));
        int carried = Math.min(mtu, 1500) - IPV4_AND_UDP;
        for (VirtualPeer peer : List.of(host, client)) {
            assertThat(peer.path.datagramBytes()).isBetween(Math.max(1232, carried - 16), carried);
            assertThat(peer.engine.mtuBytes()).isEqualTo(peer.path.datagramBytes() - Protocol.DATA_OVERHEAD);
        }
        assertThat(video()).isEqualTo(100);
        assertThat(host.path.path().kind()).isEqualTo(TunnelPath.Kind.DIRECT);
    }

    @ParameterizedTest
    @CsvSource({"1280, 1232", "1492, 1440", "1500, 1452", "9000, 1452"})
    void over_ipv6_its_longer_header_is_reckoned_with(int mtu, int most) {
        directWaysCarry(mtu, IPV6_AND_UDP);
        connect(CLIENT_6, HOST_6);
        world.run(Duration.ofSeconds(20));
        assertThat(host.path.datagramBytes()).isBetween(Math.max(1232, most - 16), most);
        assertThat(video()).isEqualTo(100);
    }

    @Test
    void the_relay_s_path_is_never_taken_to_carry_more_than_every_path_does() {
        world.loss = PathSizeTest::direct;
        connect();
        world.run(Duration.ofSeconds(60));
        assertThat(host.path.path().kind()).isEqualTo(TunnelPath.Kind.RELAY);
        assertThat(host.engine.mtuBytes()).isEqualTo(TunnelSpec.MTU_BYTES);
    }

    @Test
    void a_way_that_narrows_is_kept_and_the_size_comes_down_within_two_seconds() {
        connect();
        world.run(Duration.ofSeconds(20));
        assertThat(host.path.datagramBytes()).isEqualTo(1472);
        directWaysCarry(1400, IPV4_AND_UDP);
        world.run(Duration.ofSeconds(2));
        assertThat(host.path.datagramBytes()).isEqualTo(1232);
        assertThat(client.path.datagramBytes()).isEqualTo(1232);
        assertThat(video()).isEqualTo(100);
        assertThat(host.path.path().kind()).isEqualTo(TunnelPath.Kind.DIRECT);

        world.run(Duration.ofSeconds(60));
        assertThat(host.path.datagramBytes()).as("found anew").isBetween(1356, 1372);
        assertThat(host.paths).as("never left").hasSize(1);
    }

    @Test
    void a_way_that_widens_is_found_out_in_time() {
        directWaysCarry(1280, IPV4_AND_UDP);
        connect();
        world.run(Duration.ofSeconds(60));
        assertThat(host.path.datagramBytes()).isLessThan(1253);
        world.loss = flight -> false;
        world.run(Duration.ofMinutes(11));
        assertThat(host.path.datagramBytes()).isEqualTo(1472);
    }

    @Test
    void one_direction_alone_does_not_count() {
        world.loss =
                flight -> direct(flight) && flight.to().equals(CLIENT) && flight.bytes().length + IPV4_AND_UDP > 1400;
        connect();
        world.run(Duration.ofSeconds(20));
        assertThat(host.path.datagramBytes()).isBetween(1356, 1372);
        assertThat(client.path.datagramBytes()).isBetween(1356, 1372);
    }

    @Test
    void loss_is_not_taken_for_a_narrow_way() {
        world.loss = flight -> direct(flight) && world.random.nextInt(100) < 3;
        connect();
        int samples = 0;
        int full = 0;
        for (int second = 0; second < 600; second++) {
            world.run(Duration.ofSeconds(1));
            samples++;
            full += host.path.datagramBytes() == 1472 ? 1 : 0;
        }
        assertThat(full).as("of %s seconds", samples).isGreaterThan(500);
    }

    @Test
    void searching_costs_little() {
        directWaysCarry(1280, IPV4_AND_UDP);
        connect();
        world.run(Duration.ofSeconds(20));
        long searched = world.seen().stream()
                .filter(PathSizeTest::direct)
                .filter(flight -> flight.bytes().length > 1252)
                .count();
        assertThat(searched).as("probes and answers of both sides").isLessThan(40);
        world.run(Duration.ofMinutes(5));
        assertThat(world.seen().stream()
                        .filter(PathSizeTest::direct)
                        .filter(flight -> flight.bytes().length > 1252)
                        .count())
                .as("and none more before its time")
                .isLessThanOrEqualTo(searched);
    }
}
