// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.PathPolicy;
import io.nvremote.core.SessionId;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelPath;
import io.nvremote.tunnel.TunnelRole;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EngineInVirtualTimeTest {

    private static final InetSocketAddress RELAY = new InetSocketAddress("192.0.2.1", 51820);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("198.51.100.1", 1111);
    private static final InetSocketAddress HOST = new InetSocketAddress("203.0.113.1", 2222);

    private final VirtualWorld world = new VirtualWorld();
    private final VirtualRelay relay = new VirtualRelay(world, RELAY);
    private VirtualPeer client;
    private VirtualPeer host;

    private void open(PathPolicy clientPolicy, PathPolicy hostPolicy) {
        SessionId session = SessionId.next();
        TunnelKeys clientKeys = VirtualPeer.keys();
        TunnelKeys hostKeys = VirtualPeer.keys();
        host = new VirtualPeer(
                world,
                HOST,
                VirtualPeer.spec(session, TunnelRole.RESPONDER, hostKeys, clientKeys.publicKey(), RELAY, hostPolicy));
        client = new VirtualPeer(
                world,
                CLIENT,
                VirtualPeer.spec(session, TunnelRole.INITIATOR, clientKeys, hostKeys.publicKey(), RELAY, clientPolicy));
    }

    private void connected(PathPolicy policy) {
        open(policy, policy);
        world.run(Duration.ofSeconds(1));
        assertThat(client.ups).isEqualTo(1);
        assertThat(host.ups).isEqualTo(1);
    }

    private void exchangeCandidates() {
        client.path.peerCandidates(host.path.candidates(), world.now);
        host.path.peerCandidates(client.path.candidates(), world.now);
    }

    private void talk(int from, int to, Duration pause) {
        for (int i = from; i < to; i++) {
            assertThat(client.send(i)).isTrue();
            assertThat(host.send(i)).isTrue();
            world.run(pause);
        }
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private long sent(int type, InetSocketAddress from) {
        return world.seen().stream()
                .filter(f -> f.from().equals(from) && Protocol.type(f.bytes()) == type)
                .count();
    }

    @Test
    void both_are_up_one_relayed_round_trip_after_binding() {
        open(PathPolicy.RELAY, PathPolicy.RELAY);
        world.run(Duration.ofMillis(250));
        assertThat(client.ups + host.ups).isEqualTo(2);
    }

    @Test
    void an_hour_of_talk_loses_nothing_and_renews_every_two_minutes() {
        connected(PathPolicy.RELAY);
        talk(0, 36_000, Duration.ofMillis(100));
        world.run(Duration.ofSeconds(1));

        assertThat(host.inbox).isEqualTo(numbers(0, 36_000));
        assertThat(client.inbox).isEqualTo(numbers(0, 36_000));
        assertThat(client.engine.handshakes()).isBetween(29L, 32L).isEqualTo(host.engine.handshakes());
        assertThat(sent(Protocol.INITIATION, HOST)).as("the host never begins").isZero();
        assertThat(client.engine.rejected() + host.engine.rejected()).isZero();
        assertThat(client.silences + host.silences).isZero();
    }

    @Test
    void an_idle_hour_keeps_the_session_alive() {
        connected(PathPolicy.RELAY);
        world.run(Duration.ofHours(1));
        talk(0, 1, Duration.ofMillis(100));
        assertThat(host.inbox).containsExactly(0);
        assertThat(client.inbox).containsExactly(0);
        assertThat(client.silences + host.silences).isZero();
        assertThat(sent(Protocol.DATA, CLIENT)).as("keepalives").isBetween(140L, 400L);
    }

    @Test
    void an_hour_of_loss_and_overtaking_delivers_each_datagram_at_most_once() {
        connected(PathPolicy.RELAY);
        world.jitter = Duration.ofMillis(80).toNanos();
        world.loss = flight -> world.random.nextInt(100) < 10;
        for (int i = 0; i < 36_000; i++) {
            client.send(i);
            host.send(i);
            world.run(Duration.ofMillis(100));
        }
        // Each way is two hops of 10 % loss: 81 % arrive.
        assertThat(host.inbox.size()).isBetween(28_000, 30_500);
        assertThat(client.inbox.size()).isBetween(28_000, 30_500);
        assertThat(host.inbox).doesNotHaveDuplicates();
        assertThat(client.inbox).doesNotHaveDuplicates();
        assertThat(host.engine.rejected()).isLessThan(60);
    }

    @Test
    void replayed_and_forged_datagrams_are_refused() {
        connected(PathPolicy.RELAY);
        talk(0, 100, Duration.ofMillis(20));
        world.run(Duration.ofMillis(100));
        int heard = host.inbox.size();
        long handshakes = host.engine.handshakes();
        InetSocketAddress stranger = new InetSocketAddress("198.51.100.66", 6666);

        List<VirtualWorld.Flight> all = List.copyOf(world.seen());
        for (VirtualWorld.Flight flight : all) {
            if (flight.to().equals(HOST) && flight.bytes()[1] == 0 && Protocol.type(flight.bytes()) <= 4) {
                world.send(stranger, HOST, flight.bytes());
                byte[] forged = flight.bytes().clone();
                forged[forged.length / 2] ^= 4;
                world.send(stranger, HOST, forged);
            }
        }
        world.run(Duration.ofSeconds(1));

        assertThat(host.inbox).hasSize(heard);
        assertThat(host.engine.handshakes()).isEqualTo(handshakes);
        assertThat(host.engine.rejected()).isGreaterThan(200);
        assertThat(world.seen().stream().filter(f -> f.to().equals(stranger))).isEmpty();
        assertThat(host.path.path().kind()).isEqualTo(TunnelPath.Kind.RELAY);
        talk(100, 110, Duration.ofMillis(20));
        world.run(Duration.ofMillis(100));
        assertThat(host.inbox).isEqualTo(numbers(0, 110));
    }

    @Test
    void a_session_is_renewed_after_very_many_messages() {
        connected(PathPolicy.RELAY);
        world.run(Duration.ofSeconds(6));
        SessionKeys keys = Objects.requireNonNull(client.engine.sessions().current());
        keys.skipTo(Protocol.REKEY_AFTER_MESSAGES);
        talk(0, 10, Duration.ofMillis(100));
        world.run(Duration.ofMillis(100));
        assertThat(client.engine.handshakes()).isEqualTo(2);
        assertThat(host.inbox).isEqualTo(numbers(0, 10));

        keys = Objects.requireNonNull(host.engine.sessions().current());
        keys.skipTo(Protocol.REJECT_AFTER_MESSAGES);
        assertThat(host.send(10)).as("the responder's counter is spent").isFalse();
    }

    @Test
    void lost_handshakes_are_repeated_and_silence_is_told_and_ended() {
        relay.alive = false;
        open(PathPolicy.RELAY, PathPolicy.RELAY);
        world.run(Duration.ofSeconds(60));
        assertThat(client.ups).isZero();
        assertThat(client.silences).isEqualTo(1);
        assertThat(sent(Protocol.INITIATION, CLIENT)).isBetween(10L, 15L);

        relay.alive = true;
        world.run(Duration.ofSeconds(8));
        assertThat(client.ups).isEqualTo(1);
        assertThat(host.ups).isEqualTo(1);
        talk(0, 3, Duration.ofMillis(50));

        relay.alive = false;
        world.run(Duration.ofMinutes(4));
        assertThat(client.silences).isEqualTo(2);
        assertThat(host.silences).isEqualTo(1);
        assertThat(client.send(99)).as("keys older than 180 s are gone").isFalse();
        relay.alive = true;
        world.run(Duration.ofSeconds(40));
        assertThat(client.ups).isEqualTo(2);
        assertThat(host.ups).isEqualTo(2);
    }

    @Test
    void a_flood_of_initiations_is_asked_for_cookies_and_the_owner_of_an_address_gets_through() {
        connected(PathPolicy.RELAY);
        byte[] old = world.seen().stream()
                .filter(f -> f.to().equals(HOST) && Protocol.type(f.bytes()) == Protocol.INITIATION)
                .findFirst()
                .orElseThrow()
                .bytes();
        InetSocketAddress flooder = new InetSocketAddress("198.51.100.66", 6666);
        long floods = 0;
        for (int i = 0; i < 150 * 25; i++) {
            world.send(flooder, HOST, old);
            floods++;
            world.run(Duration.ofMillis(50 - i % 2 * 20)); // about 25 a second, over two minutes
        }
        long cookies = world.seen().stream().filter(f -> f.to().equals(flooder)).count();
        assertThat(cookies).isBetween(floods / 10, floods);
        assertThat(world.seen().stream().filter(f -> f.to().equals(flooder)))
                .allMatch(f -> f.bytes().length == Protocol.COOKIE_REPLY_LENGTH);
        assertThat(client.engine.handshakes())
                .as("renewed under load, with a cookie")
                .isEqualTo(2);
        assertThat(sent(Protocol.COOKIE_REPLY, HOST)).isGreaterThan(cookies);
        assertThat(client.silences).isZero();
    }

    @Test
    void direct_candidates_are_taken_when_probes_are_answered_and_nothing_is_lost() {
        connected(PathPolicy.AUTO);
        exchangeCandidates();
        talk(0, 200, Duration.ofMillis(10));
        world.run(Duration.ofSeconds(1));

        assertThat(client.path.path()).isEqualTo(new TunnelPath(TunnelPath.Kind.DIRECT, HOST));
        assertThat(host.path.path()).isEqualTo(new TunnelPath(TunnelPath.Kind.DIRECT, CLIENT));
        assertThat(client.paths).hasSize(1);
        assertThat(host.inbox).containsExactlyInAnyOrderElementsOf(numbers(0, 200));
        assertThat(client.inbox).containsExactlyInAnyOrderElementsOf(numbers(0, 200));
        int passed = relay.passed;
        talk(200, 300, Duration.ofMillis(10));
        assertThat(relay.passed).as("the relay is idle").isEqualTo(passed);
    }

    @Test
    void a_silent_direct_path_falls_back_to_the_relay_within_four_seconds_even_after_renewals() {
        connected(PathPolicy.AUTO);
        exchangeCandidates();
        world.run(Duration.ofSeconds(500)); // renewed several times, all the while direct
        assertThat(client.path.path().kind()).isEqualTo(TunnelPath.Kind.DIRECT);
        world.loss = flight -> !flight.from().equals(RELAY) && !flight.to().equals(RELAY);

        world.run(Duration.ofSeconds(4));
        assertThat(client.path.path().kind()).isEqualTo(TunnelPath.Kind.RELAY);
        assertThat(host.path.path().kind()).isEqualTo(TunnelPath.Kind.RELAY);
        talk(0, 50, Duration.ofMillis(20));
        world.run(Duration.ofSeconds(1));
        assertThat(host.inbox).isEqualTo(numbers(0, 50));
        assertThat(client.inbox).isEqualTo(numbers(0, 50));

        world.loss = flight -> false;
        world.run(Duration.ofSeconds(40));
        assertThat(client.path.path().kind()).as("tried again").isEqualTo(TunnelPath.Kind.DIRECT);
    }

    @Test
    void the_relay_policy_of_one_side_keeps_both_on_the_relay() {
        open(PathPolicy.AUTO, PathPolicy.RELAY);
        world.run(Duration.ofSeconds(1));
        assertThat(host.path.candidates()).isEmpty();
        client.path.peerCandidates(List.of(HOST), world.now);
        host.path.peerCandidates(List.of(CLIENT), world.now);
        talk(0, 50, Duration.ofMillis(100));
        assertThat(client.path.path().kind()).isEqualTo(TunnelPath.Kind.RELAY);
        assertThat(host.path.path().kind()).isEqualTo(TunnelPath.Kind.RELAY);
        assertThat(host.inbox).hasSizeGreaterThan(48);
    }

    @Test
    void probing_ends_after_three_seconds_and_begins_again_with_new_candidates() {
        connected(PathPolicy.AUTO);
        InetSocketAddress nowhere = new InetSocketAddress("203.0.113.99", 9);
        client.path.peerCandidates(List.of(nowhere), world.now);
        world.run(Duration.ofSeconds(30));
        long probes = world.seen().stream().filter(f -> f.to().equals(nowhere)).count();
        assertThat(probes).isBetween(10L, 16L);
        exchangeCandidates();
        world.run(Duration.ofSeconds(1));
        assertThat(client.path.path().endpoint()).isEqualTo(HOST);
    }

    @Test
    void a_peer_that_moves_on_the_direct_path_is_followed_by_probes() {
        connected(PathPolicy.AUTO);
        exchangeCandidates();
        world.run(Duration.ofSeconds(5));
        InetSocketAddress moved = new InetSocketAddress("198.51.100.1", 4444);
        client.moveTo(moved);
        talk(0, 100, Duration.ofMillis(100));
        assertThat(host.path.path().endpoint()).isEqualTo(moved);
        assertThat(host.inbox)
                .isEqualTo(numbers(0, 100).subList(0, host.inbox.size()))
                .hasSizeGreaterThan(98);
    }

    @Test
    void a_restarted_relay_learns_the_session_anew() {
        connected(PathPolicy.RELAY);
        relay.forget();
        world.run(Duration.ofSeconds(50));
        for (int i = 0; i < 300; i++) {
            client.send(i);
            world.run(Duration.ofMillis(100));
        }
        assertThat(host.inbox.size()).isGreaterThan(100);
    }

    @Test
    void a_probe_thrown_back_at_its_sender_opens_no_way() {
        connected(PathPolicy.AUTO);
        InetSocketAddress mirror = new InetSocketAddress("198.51.100.77", 7);
        world.add(mirror, new VirtualWorld.Node() {
            @Override
            public void received(byte[] datagram, InetSocketAddress from) {
                world.send(mirror, from, datagram);
            }

            @Override
            public void tick() {
                // It only reflects.
            }
        });
        client.path.peerCandidates(List.of(mirror), world.now);
        world.run(Duration.ofSeconds(5));
        assertThat(client.path.path().kind()).isEqualTo(TunnelPath.Kind.RELAY);
    }

    @Test
    void closing_wipes_the_private_key_and_the_session() {
        connected(PathPolicy.RELAY);
        byte[] key = client.identity.privateKey();
        client.engine.wipe();
        client.identity.wipe();
        assertThat(key).containsOnly(0);
        assertThat(client.identity.staticShared()).containsOnly(0);
        assertThat(client.send(1)).isFalse();
    }
}
