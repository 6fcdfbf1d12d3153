// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.relay.RelayRole;
import io.nvremote.relay.RelayUser;
import io.nvremote.relay.StunKey;
import io.nvremote.relay.StunMessage;
import io.nvremote.relay.StunTransaction;
import io.nvremote.tunnel.PathPolicy;
import io.nvremote.tunnel.TunnelPath;
import io.nvremote.tunnel.TunnelRole;
import io.nvremote.tunnel.TunnelSpec;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides where the tunnel's datagrams go: to the relay from the first moment, and to the peer itself once a probe was
 * answered; back to the relay when the direct way goes silent. Sans-IO; guarded by its own monitor, {@link #live} is read
 * without it.
 *
 * <p>Probes are STUN binding requests on the tunnel's own socket with the user name {@code <session>:probe}, signed with
 * a key that both ends derive from their static-static secret and the session id: {@code HMAC-BLAKE2s(secret, "nvremote
 * direct probe v1" || session id)}. Nobody else can ask or answer.
 */
final class PathSelector {

    private static final long PROBE_WINDOW = TimeUnit.SECONDS.toNanos(3);
    private static final long PROBE_EVERY = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long HEARTBEAT = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long DIRECT_SILENCE = TimeUnit.SECONDS.toNanos(3);
    private static final long BIND_RETRY = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long BIND_KEEPALIVE = TimeUnit.SECONDS.toNanos(15);
    private static final int MAX_CANDIDATES = 16;
    private static final byte[] PROBE_LABEL = "nvremote direct probe v1".getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress relay;
    private final StunKey ticket;
    private final StunKey probeKey;
    private final String relayUser;
    private final String probeUser;
    private final boolean direct;
    private final Wire wire;
    private final PathEvents events;
    private final List<DirectPath> directs = new ArrayList<>();
    private volatile InetSocketAddress live;
    private List<InetSocketAddress> mine = List.of();
    private @Nullable InetSocketAddress reflexive;
    private @Nullable StunTransaction bindAsked;
    private long bindSentAt;
    private boolean bindSent;
    private boolean bound;
    private @Nullable DirectPath liveDirect;
    private int changes;

    PathSelector(TunnelSpec spec, Identity identity, Wire wire, PathEvents events) {
        relay = spec.relay().endpoint();
        ticket = StunKey.ofTicket(spec.relay().ticket());
        RelayRole role = spec.role() == TunnelRole.INITIATOR ? RelayRole.CLIENT : RelayRole.HOST;
        relayUser = new RelayUser(spec.session(), role).toString();
        probeUser = spec.session() + ":probe";
        direct = spec.policy() == PathPolicy.AUTO;
        byte[] secret = identity.staticShared();
        probeKey = StunKey.of(Blake2s.hmac(
                secret, PROBE_LABEL, spec.session().toString().getBytes(StandardCharsets.US_ASCII)));
        Curve25519.wipe(secret);
        this.wire = wire;
        this.events = events;
        live = relay;
    }

    /** Where datagrams go now. */
    InetSocketAddress live() {
        return live;
    }

    synchronized TunnelPath path() {
        return new TunnelPath(liveDirect == null ? TunnelPath.Kind.RELAY : TunnelPath.Kind.DIRECT, live);
    }

    synchronized int changes() {
        return changes;
    }

    /** Whether the relay has acknowledged our ticket. */
    synchronized boolean bound() {
        return bound;
    }

    /** Handshakes try the live way first, and the relay every second time: it always exists. */
    InetSocketAddress handshakeTarget(int attempt) {
        return attempt % 2 == 0 ? live : relay;
    }

    /** Sets the addresses of this machine at which the tunnel's socket can be reached. */
    synchronized void hosts(List<InetSocketAddress> addresses) {
        mine = List.copyOf(addresses);
    }

    /** Where this side might be reached directly. */
    synchronized List<InetSocketAddress> candidates() {
        if (!direct) {
            return List.of();
        }
        List<InetSocketAddress> all = new ArrayList<>(mine);
        if (reflexive != null && !all.contains(reflexive)) {
            all.add(reflexive);
        }
        return all;
    }

    /** Begins to probe what is new of these for three seconds. */
    synchronized void peerCandidates(List<InetSocketAddress> candidates, long now) {
        if (direct) {
            candidates.forEach(candidate -> learn(candidate, now));
        }
    }

    private void learn(InetSocketAddress address, long now) {
        if (address.isUnresolved() || address.equals(relay) || address.getPort() == 0) {
            return;
        }
        for (DirectPath known : directs) {
            if (known.address.equals(address)) {
                known.probeUntil = now + PROBE_WINDOW;
                return;
            }
        }
        if (directs.size() < MAX_CANDIDATES) {
            directs.add(new DirectPath(address, now + PROBE_WINDOW));
        }
    }

    /** Timers: binding, probes, heartbeats, silence. About ten times a second. */
    synchronized void tick(long now) {
        if (!bindSent || now - bindSentAt >= (bound ? BIND_KEEPALIVE : BIND_RETRY)) {
            StunTransaction asked = StunTransaction.next(); // the relay takes a repeated id for a replay
            bindAsked = asked;
            bindSent = true;
            bindSentAt = now;
            send(StunMessage.bindingRequest(asked, relayUser, ticket), relay);
        }
        for (DirectPath path : directs) {
            long pause = path == liveDirect ? HEARTBEAT : PROBE_EVERY;
            if ((path == liveDirect || now - path.probeUntil < 0) && (!path.asked() || now - path.sentAt >= pause)) {
                send(StunMessage.bindingRequest(path.ask(now), probeUser, probeKey), path.address);
            }
        }
        DirectPath used = liveDirect;
        if (used != null && now - used.heardAt >= DIRECT_SILENCE) {
            used.probeUntil = now + PROBE_WINDOW;
            switchTo(null);
            events.relayNeedsHandshake();
        }
    }

    /** Takes a datagram that looks like STUN; false if it is none of ours. */
    synchronized boolean stun(ByteBuffer datagram, InetSocketAddress from, long now) {
        StunMessage message = StunMessage.parse(datagram).orElse(null);
        if (message == null) {
            return false;
        }
        return switch (message.kind()) {
            case REQUEST -> answer(message, from, now);
            case SUCCESS -> from.equals(relay) && isBind(message) ? bound(message) : answered(message, from, now);
            default -> false;
        };
    }

    private boolean isBind(StunMessage message) {
        return message.transaction().equals(bindAsked) && message.verify(ticket);
    }

    private boolean bound(StunMessage message) {
        boolean first = !bound;
        bound = true;
        InetSocketAddress seen = message.mappedAddress().orElse(null);
        boolean moved = seen != null && !seen.equals(reflexive);
        if (moved) {
            reflexive = seen;
        }
        if (first) {
            events.relayNeedsHandshake();
        }
        if (moved && direct) {
            events.candidatesChanged(candidates());
        }
        return true;
    }

    /** The peer asks whether this way works. Its address is worth a probe of our own (RFC 8445 section 7.3.1.4). */
    private boolean answer(StunMessage request, InetSocketAddress from, long now) {
        if (!direct || !request.username().filter(probeUser::equals).isPresent() || !request.verify(probeKey)) {
            return false;
        }
        learn(from, now);
        send(StunMessage.bindingSuccess(request.transaction(), from, probeKey), from);
        return true;
    }

    private boolean answered(StunMessage message, InetSocketAddress from, long now) {
        for (DirectPath path : directs) {
            if (path.address.equals(from) && path.isAnswer(message.transaction()) && message.verify(probeKey)) {
                path.answered(now);
                DirectPath used = liveDirect;
                if (used == null || used != path && path.roundTrip * 2 < used.roundTrip) {
                    switchTo(path);
                }
                return true;
            }
        }
        return false;
    }

    /**
     * An authentic datagram of the peer came from there. A peer that moved is followed (whitepaper section 6.5) unless
     * only the relay is allowed; a way that carries data needs no probe to be believed alive.
     */
    synchronized void authentic(InetSocketAddress from, long now) {
        if (from.equals(relay) || !direct) {
            return;
        }
        for (DirectPath path : directs) {
            if (path.address.equals(from)) {
                path.heardAt = now;
                if (liveDirect == null && path.roundTrip > 0) {
                    switchTo(path);
                }
                return;
            }
        }
        DirectPath moved = new DirectPath(from, now + PROBE_WINDOW);
        moved.heardAt = now;
        if (directs.size() >= MAX_CANDIDATES) {
            directs.removeIf(path -> path != liveDirect);
        }
        directs.add(moved);
        switchTo(moved);
    }

    private void switchTo(@Nullable DirectPath path) {
        liveDirect = path;
        live = path == null ? relay : path.address;
        changes++;
        events.pathChanged(path());
    }

    private void send(byte[] message, InetSocketAddress to) {
        wire.send(message, message.length, to);
    }

    /** Whether a datagram of that many bytes is for {@link #stun}. */
    static boolean looksLikeStun(byte[] datagram, int length) {
        return StunMessage.looksLikeStun(ByteBuffer.wrap(datagram, 0, length).order(ByteOrder.BIG_ENDIAN));
    }

    /** One direct way to the peer. */
    private static final class DirectPath {

        private final InetSocketAddress address;
        private long probeUntil;
        private @Nullable StunTransaction asked;
        private long sentAt;
        private long heardAt;
        private long roundTrip;

        DirectPath(InetSocketAddress address, long probeUntil) {
            this.address = address;
            this.probeUntil = probeUntil;
        }

        boolean asked() {
            return asked != null;
        }

        StunTransaction ask(long now) {
            StunTransaction next = StunTransaction.next();
            asked = next;
            sentAt = now;
            return next;
        }

        boolean isAnswer(StunTransaction transaction) {
            return transaction.equals(asked);
        }

        void answered(long now) {
            heardAt = now;
            roundTrip = Math.max(1, now - sentAt);
        }
    }
}
