// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.PathPolicy;
import io.nvremote.core.SessionId;
import io.nvremote.relay.StunMessage;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelRole;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What strangers and a bad network may do to a session, in virtual time. */
class EngineUnderAttackTest {

    private static final InetSocketAddress RELAY = new InetSocketAddress("192.0.2.1", 51820);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("198.51.100.1", 1111);
    private static final InetSocketAddress HOST = new InetSocketAddress("203.0.113.1", 2222);
    private static final InetSocketAddress STRANGER = new InetSocketAddress("198.51.100.66", 6666);

    private final VirtualWorld world = new VirtualWorld();
    private final VirtualRelay relay = new VirtualRelay(world, RELAY);
    private VirtualPeer client;
    private VirtualPeer host;
    private boolean copying;

    @BeforeEach
    void a_session_that_is_up() {
        SessionId session = SessionId.next();
        TunnelKeys one = VirtualPeer.keys();
        TunnelKeys two = VirtualPeer.keys();
        host = new VirtualPeer(
                world,
                HOST,
                VirtualPeer.spec(session, TunnelRole.RESPONDER, two, one.publicKey(), RELAY, PathPolicy.AUTO));
        client = new VirtualPeer(
                world,
                CLIENT,
                VirtualPeer.spec(session, TunnelRole.INITIATOR, one, two.publicKey(), RELAY, PathPolicy.AUTO));
        world.run(Duration.ofSeconds(1));
        assertThat(client.ups + host.ups).isEqualTo(2);
    }

    @Test
    void ten_minutes_of_doubled_and_overtaking_datagrams_deliver_each_once() {
        world.jitter = Duration.ofMillis(300).toNanos();
        world.loss = flight -> {
            if (!copying) {
                copying = true;
                world.send(flight.from(), flight.to(), flight.bytes());
                copying = false;
            }
            return false;
        };
        for (int i = 0; i < 12_000; i++) {
            client.send(i);
            host.send(i);
            world.run(Duration.ofMillis(50));
        }
        world.run(Duration.ofSeconds(2));
        assertThat(host.inbox).doesNotHaveDuplicates().hasSizeGreaterThan(11_990);
        assertThat(client.inbox).doesNotHaveDuplicates().hasSizeGreaterThan(11_990);
        assertThat(host.engine.rejected()).as("the copies").isGreaterThan(12_000);
        assertThat(client.engine.handshakes()).isBetween(5L, 6L);
        assertThat(client.silences + host.silences).isZero();
    }

    @Test
    void junk_of_every_length_and_type_is_counted_and_harms_nothing() {
        Random random = new Random(7);
        long before = host.engine.rejected();
        int sent = 0;
        for (int length = 0; length < 400; length++) {
            for (int type = 0; type < 6; type++) {
                byte[] junk = new byte[length];
                random.nextBytes(junk);
                for (int i = 0; i < Math.min(4, length); i++) {
                    junk[i] = (byte) (i == 0 ? type : 0);
                }
                if (type == 5 && length >= 8) { // like STUN
                    System.arraycopy(
                            new byte[] {0, 1, 0, (byte) (length - 20), 0x21, 0x12, (byte) 0xA4, 0x42}, 0, junk, 0, 8);
                }
                world.send(STRANGER, HOST, junk);
                sent++;
            }
        }
        world.run(Duration.ofSeconds(1));
        assertThat(host.engine.rejected() - before).isEqualTo(sent);
        assertThat(world.seen().stream().filter(f -> f.to().equals(STRANGER)))
                .as("no answer to junk")
                .isEmpty();
        client.send(1);
        world.run(Duration.ofMillis(100));
        assertThat(host.inbox).containsExactly(1);
    }

    @Test
    void an_initiator_under_a_flood_of_responses_asks_for_a_cookie_and_gets_its_renewal() {
        byte[] old = world.seen().stream()
                .filter(f -> f.to().equals(CLIENT) && Protocol.type(f.bytes()) == Protocol.RESPONSE)
                .findFirst()
                .orElseThrow()
                .bytes();
        world.run(Duration.ofSeconds(118));
        for (int i = 0; i < 15_000; i++) { // 1000 a second around the renewal at 120 s
            world.send(STRANGER, CLIENT, old);
            world.run(Duration.ofMillis(1));
        }
        assertThat(client.engine.handshakes()).as("renewed").isEqualTo(2);
        assertThat(world.seen().stream()
                        .filter(f -> f.from().equals(CLIENT) && f.to().equals(RELAY))
                        .filter(f -> f.bytes().length == Protocol.COOKIE_REPLY_LENGTH
                                && Protocol.type(f.bytes()) == Protocol.COOKIE_REPLY))
                .as("the host was asked")
                .isNotEmpty();
        client.send(5);
        world.run(Duration.ofMillis(100));
        assertThat(host.inbox).containsExactly(5);
        assertThat(client.silences).isZero();
    }

    @Test
    void a_relay_that_begins_anew_is_told_within_four_seconds_of_talk() {
        world.run(Duration.ofSeconds(3)); // the next keepalive is twelve seconds away
        relay.unbind();
        for (int i = 0; i < 400; i++) {
            client.send(i);
            host.send(i);
            world.run(Duration.ofMillis(20));
        }
        world.run(Duration.ofMillis(100));
        assertThat(host.inbox).contains(200, 250, 399);
        assertThat(client.inbox).contains(200, 250, 399);
        long requests = world.seen().stream()
                .filter(f -> f.from().equals(CLIENT) && f.to().equals(RELAY))
                .filter(f -> StunMessage.looksLikeStun(ByteBuffer.wrap(f.bytes())))
                .count();
        assertThat(requests).as("doubt asks seldom").isLessThan(6);
    }

    @Test
    void keys_end_at_180_seconds_to_the_nanosecond_in_both_directions() {
        byte[] out = new byte[64];
        byte[] packet = new byte[64];
        SessionKeys sender = new SessionKeys(new SessionKeys.Numbers(1, 2, true, 1000), new byte[32], new byte[32]);
        SessionKeys receiver = new SessionKeys(new SessionKeys.Numbers(2, 1, false, 1000), new byte[32], new byte[32]);
        long end = 1000 + Protocol.REJECT_AFTER_TIME;
        int length = sender.seal(packet, 16, out, 0, end - 1);
        assertThat(length).isEqualTo(48);
        assertThat(sender.seal(packet, 16, new byte[64], 0, end)).isEqualTo(SessionKeys.REJECTED);
        assertThat(receiver.open(out, length, packet, end)).isEqualTo(SessionKeys.REJECTED);
        assertThat(receiver.open(out, length, packet, end - 1)).isEqualTo(16);
        assertThat(receiver.open(out, length, packet, end - 1)).as("again").isEqualTo(SessionKeys.REJECTED);
        receiver.wipe();
        sender.wipe();
        sender.wipe();
        assertThat(sender.seal(packet, 16, out, 0, 2000)).as("wiped").isEqualTo(SessionKeys.REJECTED);
    }

    @Test
    void expired_sessions_are_wiped_by_the_clock_alone() {
        SessionKeys keys = Objects.requireNonNull(client.engine.sessions().current());
        relay.alive = false;
        world.run(Duration.ofSeconds(178));
        assertThat(client.engine.sessions().current()).isSameAs(keys);
        world.run(Duration.ofSeconds(2));
        assertThat(client.engine.sessions().current()).isNull();
        assertThat(keys.seal(new byte[16], 16, new byte[64], 0, world.now - Protocol.seconds(60)))
                .as("wiped, whatever the time")
                .isEqualTo(SessionKeys.REJECTED);
    }
}
