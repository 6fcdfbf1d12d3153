// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.path.PathSelection;
import io.nvremote.tunnel.TunnelRole;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * One WireGuard peer: inner packets in, datagrams out, and back. Sans-IO: it has no socket, no thread and no clock.
 *
 * <p><b>Threads.</b> {@link #received} belongs to one thread; {@link #send}, {@link #gather}, {@link #flush} and
 * {@link #keepalive} may be called from any, one at a time by a lock of their own that a handshake never holds;
 * {@link #tick} from any.
 */
final class Engine {

    /** No datagram on the wire is longer than this; longer ones are cut by the socket and then rejected. */
    static final int MAX_DATAGRAM = 2048;

    private static final byte[] KEEPALIVE = new byte[0];

    private final EngineEvents events;
    private final PathSelection path;
    private final DatagramOutput wire;
    private final TunnelRole role;
    private final int mtu;
    private final SessionTable sessions = new SessionTable();
    private final Handshakes handshakes;
    private final Activity activity;
    private final Liveness liveness;
    private final Object sendLock = new Object();
    private final SendBatch burst = new SendBatch();
    private final byte[] incoming;
    private final LongAdder rejected = new LongAdder();
    private volatile boolean wanted;

    Engine(EngineSetup setup, PathSelection path, DatagramOutput wire, EngineEvents events, long now) {
        this.events = events;
        this.path = path;
        this.wire = wire;
        this.role = setup.role();
        this.mtu = setup.mtuBytes();
        this.handshakes = new Handshakes(setup, sessions, path, wire);
        this.activity = new Activity(now);
        this.liveness = new Liveness(events, now);
        this.incoming = new byte[MAX_DATAGRAM];
    }

    /** Begins or repeats a handshake now, as initiator. */
    void hurry(long now) {
        handshakes.hurry(now);
    }

    /** Timers: call it about ten times a second. */
    void tick(long now) {
        sessions.expire(now);
        handshakes.tick(now);
        if (role == TunnelRole.INITIATOR && rekeyDue(now)) {
            activity.handshakeBegun();
            wanted = false;
            handshakes.begin(now);
        }
        if (activity.unanswered(now)) {
            path.doubt(now);
        }
        if (activity.keepaliveDue(now)) {
            keepalive(now);
        }
        liveness.tick(handshakes.began(now), now);
    }

    private boolean rekeyDue(long now) {
        SessionKeys keys = sessions.current();
        long idle = handshakes.idleFor(now);
        if (keys == null) {
            // The first of all is greeted by hurry, once the relay knows this side: a packet sent early must not outrun
            // it.
            return idle != Long.MAX_VALUE
                    && (idle >= Protocol.PERSISTENT_KEEPALIVE || (wanted && idle >= Protocol.REKEY_TIMEOUT));
        }
        return idle >= Protocol.REKEY_TIMEOUT
                && (now - keys.numbers().createdNanos() >= Protocol.REKEY_AFTER_TIME
                        || keys.sealed() >= Protocol.REKEY_AFTER_MESSAGES
                        || activity.doubtful(now));
    }

    /**
     * Seals an inner packet and sends it over the live path.
     *
     * @param packet with room for the padding behind {@code length}
     * @return false if there is no session to send with: the packet is lost
     */
    boolean send(byte[] packet, int length, long now) {
        synchronized (sendLock) {
            boolean sealed = gather(packet, length, now);
            flush();
            return sealed;
        }
    }

    /** Seals an inner packet as {@link #send} does; it leaves with the next {@link #flush}, or before. */
    boolean gather(byte[] packet, int length, long now) {
        int padded = Math.min((length + Protocol.PADDING - 1) & -Protocol.PADDING, mtuBytes());
        Arrays.fill(packet, length, Math.max(length, padded), (byte) 0);
        return seal(packet, Math.max(length, padded), now);
    }

    /** Sends what was gathered over the live path. */
    void flush() {
        synchronized (sendLock) {
            if (burst.count() > 0) {
                try {
                    wire.send(burst, path.live());
                } finally {
                    burst.clear();
                }
            }
        }
    }

    /** Sends an empty packet: it confirms a session and keeps the way open. */
    void keepalive(long now) {
        synchronized (sendLock) {
            seal(KEEPALIVE, 0, now);
            flush();
        }
    }

    private boolean seal(byte[] packet, int length, long now) {
        SessionKeys keys = sessions.current();
        if (keys == null) {
            wanted = true;
            return false;
        }
        synchronized (sendLock) {
            if (!burst.hasRoom(length + Protocol.DATA_OVERHEAD)) {
                flush();
            }
            int sealed = keys.seal(packet, length, burst.bytes(), burst.at(burst.count()), now);
            if (sealed == SessionKeys.REJECTED) {
                wanted = true;
                return false;
            }
            burst.add(sealed);
        }
        activity.sent(length > 0, now);
        return true;
    }

    /** The longest inner packet whose datagram the live path is known to carry. */
    int mtuBytes() {
        return Math.max(mtu, path.datagramBytes() - Protocol.DATA_OVERHEAD);
    }

    /** Takes a datagram that is not STUN; the array is lent until the call returns. */
    void received(byte[] datagram, int length, InetSocketAddress from, long now) {
        if (length < Protocol.DATA_OVERHEAD || !accepted(datagram, length, from, now)) {
            rejected.increment();
        }
    }

    private boolean accepted(byte[] datagram, int length, InetSocketAddress from, long now) {
        return switch (Protocol.type(datagram)) {
            case Protocol.DATA -> data(datagram, length, from, now);
            case Protocol.INITIATION ->
                length == Protocol.INITIATION_LENGTH && handshakes.initiation(exact(datagram, length), from, now);
            case Protocol.RESPONSE -> length == Protocol.RESPONSE_LENGTH && response(datagram, length, from, now);
            case Protocol.COOKIE_REPLY ->
                length == Protocol.COOKIE_REPLY_LENGTH && handshakes.cookieReply(exact(datagram, length), now);
            default -> false;
        };
    }

    private static byte[] exact(byte[] datagram, int length) {
        return Arrays.copyOf(datagram, length);
    }

    private boolean response(byte[] datagram, int length, InetSocketAddress from, long now) {
        if (!handshakes.response(exact(datagram, length), from, now)) {
            return false;
        }
        path.authentic(from, now);
        activity.received(false, now);
        keepalive(now); // proves to the responder that we have the keys
        liveness.authentic(now);
        return true;
    }

    private boolean data(byte[] datagram, int length, InetSocketAddress from, long now) {
        SessionKeys keys = sessions.byIndex(Protocol.int32(datagram, 4));
        if (keys == null) {
            return false;
        }
        int inner = keys.open(datagram, length, incoming, now);
        if (inner == SessionKeys.REJECTED) {
            return false;
        }
        if (sessions.confirm(keys)) {
            handshakes.confirmed();
        }
        path.authentic(from, now);
        activity.received(inner > 0, now);
        liveness.authentic(now);
        if (inner > 0) {
            events.inner(incoming, inner);
        }
        return true;
    }

    /** Datagrams that were forged, replayed, malformed or unknown. */
    long rejected() {
        return rejected.sum();
    }

    /** Counts a datagram that somebody else found wanting. */
    void reject() {
        rejected.increment();
    }

    long handshakes() {
        return handshakes.completed();
    }

    /** The session that sends now: for tests of what happens after very many messages. */
    SessionTable sessions() {
        return sessions;
    }

    /** Wipes every key. The engine is spent. */
    void wipe() {
        handshakes.wipe();
        sessions.wipe();
    }
}
