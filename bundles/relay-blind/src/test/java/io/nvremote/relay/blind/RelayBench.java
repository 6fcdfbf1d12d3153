// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.lib.wireguard.Mac1;
import io.nvremote.relay.RelayRole;
import io.nvremote.relay.RelaySession;
import io.nvremote.relay.RelayUser;
import io.nvremote.relay.StunKey;
import io.nvremote.relay.StunMessage;
import io.nvremote.relay.StunTransaction;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A relay in virtual time with peers that make messages whose readable parts are right. */
final class RelayBench {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** What the relay sent, and where. */
    static final class Sent {

        private final InetSocketAddress to;
        private final byte[] bytes;

        Sent(InetSocketAddress to, byte[] bytes) {
            this.to = to;
            this.bytes = bytes;
        }

        InetSocketAddress to() {
            return to;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    final BlindRelay relay = new BlindRelay();
    final List<Sent> sent = new ArrayList<>();
    private final Random random = new Random(5);
    private final Mac1.Scratch scratch = new Mac1.Scratch();
    private long sequence;
    /** Below zero at first, as monotonic time may be. */
    long now = -7_000_000_000L;

    Instant wall = START;

    static InetSocketAddress address(int last, int port) {
        return new InetSocketAddress("192.0.2." + last, port);
    }

    TunnelPublicKey key() {
        byte[] key = new byte[32];
        random.nextBytes(key);
        key[31] &= 0x7F;
        return TunnelPublicKey.of(key);
    }

    Secret ticket() {
        byte[] ticket = new byte[32];
        random.nextBytes(ticket);
        return new Secret(Base64.getEncoder().encodeToString(ticket));
    }

    RelaySession session(TunnelPublicKey clientKey, @Nullable TunnelPublicKey hostKey) {
        return new RelaySession(SessionId.next(), clientKey, hostKey, ticket(), ticket(), START.plusSeconds(36_000));
    }

    RelaySession added(RelaySession session) {
        relay.upsert(++sequence, session);
        return session;
    }

    void remove(RelaySession session) {
        relay.remove(++sequence, session.id());
    }

    void replaceAll(List<RelaySession> sessions) {
        relay.replaceAll(++sequence, sessions);
    }

    /** Lets time pass, ticking each second as a gateway does. */
    void pass(Duration duration) {
        for (long left = duration.toNanos(); left > 0; left -= 1_000_000_000L) {
            long step = Math.min(left, 1_000_000_000L);
            now += step;
            wall = wall.plusNanos(step);
            relay.tick(wall, now);
        }
    }

    /** Hands a datagram in and returns what came out of it. */
    List<Sent> send(InetSocketAddress from, byte[] datagram) {
        sent.clear();
        relay.handle(ByteBuffer.wrap(datagram), from, now, (bytes, to) -> {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(bytes.position(), copy);
            sent.add(new Sent(to, copy));
        });
        return List.copyOf(sent);
    }

    byte[] initiation(int sender, TunnelPublicKey recipientKey) {
        ByteBuffer message = message(148, 1).putInt(4, sender);
        Mac1.of(recipientKey.bytes()).write(scratch, message.order(ByteOrder.BIG_ENDIAN), 116);
        return bytes(message);
    }

    byte[] response(int sender, int receiver, TunnelPublicKey recipientKey) {
        ByteBuffer message = message(92, 2).putInt(4, sender).putInt(8, receiver);
        Mac1.of(recipientKey.bytes()).write(scratch, message.order(ByteOrder.BIG_ENDIAN), 60);
        return bytes(message);
    }

    byte[] cookie(int receiver) {
        return bytes(message(64, 3).putInt(4, receiver));
    }

    byte[] data(int receiver) {
        return bytes(message(128, 4).putInt(4, receiver));
    }

    private ByteBuffer message(int length, int type) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return ByteBuffer.wrap(noise).order(ByteOrder.LITTLE_ENDIAN).putInt(0, type);
    }

    private static byte[] bytes(ByteBuffer message) {
        byte[] bytes = new byte[message.remaining()];
        message.get(message.position(), bytes);
        return bytes;
    }

    static byte[] ticket(RelaySession session, RelayRole role) {
        return ticket(session, role, StunTransaction.next());
    }

    static byte[] ticket(RelaySession session, RelayRole role, StunTransaction transaction) {
        Secret ticket = role == RelayRole.CLIENT ? session.clientTicket() : session.hostTicket();
        return StunMessage.bindingRequest(
                transaction, new RelayUser(session.id(), role).toString(), StunKey.ofTicket(ticket));
    }

    /** Both sides show their tickets and shake hands: indices 0x100 (client) and 0x200 (host) plus {@code offset}. */
    void connect(RelaySession session, InetSocketAddress client, InetSocketAddress host, int offset) {
        send(client, ticket(session, RelayRole.CLIENT));
        send(host, ticket(session, RelayRole.HOST));
        shake(session, client, host, offset);
    }

    void shake(RelaySession session, InetSocketAddress client, InetSocketAddress host, int offset) {
        send(client, initiation(0x100 + offset, session.hostPublicKey()));
        send(host, response(0x200 + offset, 0x100 + offset, session.clientPublicKey()));
    }

    long drops(Drop reason) {
        return relay.counters().drops().getOrDefault(reason.metric(), 0L);
    }
}
