// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.PathPolicy;
import io.nvremote.core.StreamException;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelError;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelPath;
import io.nvremote.tunnel.TunnelPort;
import io.nvremote.tunnel.TunnelProvider;
import io.nvremote.tunnel.TunnelRole;
import io.nvremote.tunnel.TunnelSpec;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every {@link TunnelProvider} must do, in either role, against a peer that is believed: real sockets on loopback, a
 * relay between them, Linux.
 */
public abstract class TunnelContract {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Long enough for a handshake on loopback and its first repetition, where none must succeed. */
    private static final Duration IN_VAIN = Duration.ofSeconds(3);

    private TunnelPair pair;

    /** The provider under test. */
    protected abstract TunnelProvider provider();

    /** A provider that is believed, to be the other side. */
    protected abstract TunnelProvider peer();

    /**
     * How long a session is watched under traffic. More than two minutes see it renewed; a provider whose renewals are
     * proven in virtual time may watch a shorter time.
     */
    protected Duration watched() {
        return Duration.ofSeconds(130);
    }

    @BeforeEach
    void two_sides() {
        pair = new TunnelPair(provider(), peer());
    }

    @AfterEach
    void close() {
        pair.close();
    }

    private static void refusedWith(ErrorCode code, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    @ParameterizedTest
    @EnumSource
    public void a_handshake_is_confirmed_and_datagrams_go_both_ways(TunnelRole role) {
        pair.open(role, PathPolicy.RELAY);
        pair.talk();
        assertThat(pair.mine().ping(PATIENCE)).isPositive();
        assertThat(pair.peers().ping(PATIENCE)).isPositive();
        assertThat(pair.mine().carriesLargest(PATIENCE)).isTrue();
        assertThat(pair.mine().path())
                .isEqualTo(new TunnelPath(TunnelPath.Kind.RELAY, pair.relay().endpoint()));
        assertThat(pair.mine().stats().handshakes()).isEqualTo(1);
        assertThat(pair.mine().candidates())
                .as("nobody learns addresses under RELAY")
                .isEmpty();
    }

    @Test
    public void datagrams_up_to_the_limit_arrive_whole_and_longer_ones_are_refused() {
        pair.open(TunnelRole.INITIATOR, PathPolicy.RELAY);
        pair.talk();
        Set<Integer> lengths = ConcurrentHashMap.newKeySet();
        try (TunnelPort near = pair.mine().bind(5004, (from, datagram) -> lengths.add(-datagram.remaining()));
                TunnelPort far = pair.peers().bind(5006, (from, datagram) -> lengths.add(datagram.remaining()))) {
            assertThat(near.maxDatagramBytes())
                    .as("what every path carries")
                    .isGreaterThanOrEqualTo(TunnelSpec.MTU_BYTES - 28)
                    .isLessThanOrEqualTo(near.largestDatagramBytes());
            for (int length : new int[] {1, 15, 16, 17, 1000, TunnelSpec.MTU_BYTES - 28}) {
                near.sendAll(5006, List.of(ByteBuffer.allocate(length)));
                far.send(5004, ByteBuffer.allocateDirect(length));
                TunnelPair.await(() -> lengths.contains(length) && lengths.contains(-length), "both ways: " + length);
            }
            assertThatThrownBy(() -> near.send(5006, ByteBuffer.allocate(near.largestDatagramBytes() + 1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(lengths).hasSize(12);
        }
    }

    @Test
    public void a_path_that_carries_small_datagrams_only_is_told_apart() {
        pair.open(TunnelRole.INITIATOR, PathPolicy.RELAY);
        pair.relay().narrow(1000);
        assertThat(pair.mine().ping(PATIENCE)).isPositive();
        assertThat(pair.mine().carriesLargest(IN_VAIN)).isFalse();
        pair.relay().narrow(2048);
        assertThat(pair.mine().carriesLargest(PATIENCE)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    public void another_key_than_the_peer_s_gets_no_session(TunnelRole role) {
        try (TunnelKeys stranger = peer().newKeys()) {
            pair.expect(stranger.publicKey());
            pair.openUnmet(role, PathPolicy.RELAY);
            assertThat(pair.mine().awaitUp(IN_VAIN)).isFalse();
            assertThat(pair.peers().awaitUp(Duration.ZERO)).isFalse();
            refusedWith(TunnelError.PEER_SILENT, () -> pair.mine().ping(Duration.ofMillis(300)));
        }
    }

    @Test
    public void a_relay_whose_name_has_no_address_is_refused_and_my_key_wiped() {
        pair.relayAt(InetSocketAddress.createUnresolved("relay.invalid", 51820));
        refusedWith(TunnelError.SOCKET_UNAVAILABLE, () -> pair.openMine(TunnelRole.INITIATOR, PathPolicy.RELAY));
        assertThat(pair.myKeys().privateKey()).containsOnly(0);
    }

    @ParameterizedTest
    @EnumSource
    public void a_direct_way_is_taken_and_left_for_the_relay_when_it_ends(TunnelRole role) {
        pair.open(role, PathPolicy.AUTO);
        pair.talk();
        TunnelPair.await(() -> !pair.peers().candidates().isEmpty(), "the peer's candidates");
        try (TunnelGate gate = new TunnelGate(pair.peers().candidates().getFirst())) {
            pair.mine().peerCandidates(List.of(gate.endpoint()));
            pair.talkUntil(() -> pair.bothOn(TunnelPath.Kind.DIRECT), "the direct way");
            assertThat(pair.mine().path().endpoint()).isEqualTo(gate.endpoint());
            TunnelPair.await( // What was under way by the relay when the way changed still arrives.
                    () -> {
                        int relayed = pair.relay().passed();
                        pair.talk();
                        return pair.relay().passed() == relayed;
                    },
                    "a talk in which the relay rests");
        }
        pair.talkUntil(() -> pair.bothOn(TunnelPath.Kind.RELAY), "the relay again");
        pair.talk();
        assertThat(pair.mine().stats().handshakes()).as("the same session").isLessThanOrEqualTo(2);
        assertThat(pair.mine().stats().pathChanges()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    public void a_peer_that_begins_anew_with_its_key_is_met_again(TunnelRole role) {
        pair.open(role, PathPolicy.RELAY);
        pair.talk();
        pair.restartPeer();
        pair.talk();
        assertThat(pair.mine().stats().handshakes()).isGreaterThan(1);
    }

    @Test
    public void the_session_is_renewed_under_traffic_without_a_lost_datagram() {
        pair.open(TunnelRole.INITIATOR, PathPolicy.RELAY);
        pair.talk();
        int lost = pair.lostWithin(watched());
        assertThat(lost).isZero();
        assertThat(pair.peers().stats().handshakes()).isEqualTo(1 + (watched().toSeconds() - 1) / 120);
    }

    @Test
    public void close_gives_everything_back_and_a_closed_tunnel_says_so() {
        long sockets = Holdings.now().sockets();
        pair.open(TunnelRole.INITIATOR, PathPolicy.RELAY); // once before, for what a JVM makes once
        pair.close();
        TunnelPair.await(() -> Holdings.now().sockets() <= sockets, "sockets of before: " + Holdings.now());
        pair = new TunnelPair(provider(), peer());
        Holdings before = Holdings.now();
        pair.openMine(TunnelRole.INITIATOR, PathPolicy.AUTO);
        assertThat(Holdings.now().sockets()).isGreaterThan(before.sockets());
        Tunnel mine = pair.mine();
        mine.bind(4000, (from, datagram) -> {});
        mine.close();
        mine.close();
        TunnelPair.await(() -> Holdings.now().none(before), "what is left: " + Holdings.now() + " of " + before);
        assertThat(pair.myKeys().privateKey()).containsOnly(0);
        refusedWith(TunnelError.CLOSED, () -> mine.ping(PATIENCE));
        refusedWith(TunnelError.CLOSED, () -> mine.bind(1, (from, datagram) -> {}));
    }

    @Test
    public void a_port_is_opened_once_and_can_be_given_back() {
        pair.open(TunnelRole.INITIATOR, PathPolicy.RELAY);
        TunnelPort port = pair.mine().bind(5004, (from, datagram) -> {});
        refusedWith(TunnelError.PORT_IN_USE, () -> pair.mine().bind(5004, (from, datagram) -> {}));
        port.close();
        port.close();
        pair.mine().bind(5004, (from, datagram) -> {}).close();
    }

    @ParameterizedTest
    @EnumSource
    public void nothing_inside_shows_on_the_wire_and_no_key_leaves_memory(TunnelRole role) {
        KeyHunt hunt = new KeyHunt(pair.myKeys());
        pair.open(role, PathPolicy.RELAY);
        pair.talk();
        assertThat(pair.relay().seen()).isNotEmpty();
        for (byte[] datagram : pair.relay().seen()) {
            assertThat(TunnelPair.contains(datagram, TunnelPair.INSIDE)).isFalse();
            assertThat(hunt.in(datagram)).isFalse();
        }
        assertThat(hunt.outsideMemory()).isEmpty();
    }
}
