// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import io.nvremote.lib.wireguard.Mac1;
import io.nvremote.relay.RelayOutput;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * WireGuard's three handshake messages. An initiation proves nothing (it may be a replay), so it only becomes pending;
 * the peer's own response is the proof, and commits the initiator's address and opens the routes of both directions. One
 * thread.
 */
final class Handshakes {

    private static final long SCANS_A_SECOND = 10;
    private static final long SCAN_BURST = 20;
    private static final int SCAN_BUCKETS = 4096;
    /** Keys tried a second over all sources: about 0.15 s of one core. */
    private static final long TRIES_A_SECOND = 250_000;

    private static final long TRY_BURST = 100_000;
    /** A known source with more sides than this counts as a search. */
    private static final int FEW = 4;

    private final Bindings bindings;
    private final RelayMetrics tally;
    private final Mac1.Scratch scratch = new Mac1.Scratch();
    private final Buckets scans = new Buckets(SCAN_BUCKETS, SCANS_A_SECOND, SCAN_BURST);
    private final Buckets tries = new Buckets(1, TRIES_A_SECOND, TRY_BURST);

    Handshakes(Bindings bindings, RelayMetrics tally) {
        this.bindings = bindings;
        this.tally = tally;
    }

    void initiation(ByteBuffer datagram, InetSocketAddress source, long now, RelayOutput out) {
        PeerEndpoint from = bindings.at(source);
        if (from != null && from.sides.size() <= FEW) {
            from.seen = now;
            for (Peer sender : from.sides) {
                if (meantFor(sender.other(), datagram, from.onlyTicketed() == sender)) {
                    forward(sender.other().group, sender, datagram, source, now, out);
                    return;
                }
            }
        }
        search(datagram, source, from, now, out);
    }

    /** By mac1; while the other's key is unknown, a ticket that can only belong to this session is good enough. */
    private boolean meantFor(Peer recipient, ByteBuffer datagram, boolean ticketed) {
        Mac1 mac1 = recipient.mac1();
        return mac1 == null ? ticketed : mac1.matches(scratch, datagram, WireguardMessage.INITIATION_COVERED);
    }

    /** Asks every key whether the initiation is for it: for plain peers, which have no ticket. */
    private void search(
            ByteBuffer datagram, InetSocketAddress source, @Nullable PeerEndpoint from, long now, RelayOutput out) {
        if (!scans.take(source.getAddress(), 1, now)
                || !tries.take(bindings.groups().size(), now)) {
            tally.drop(Drop.SCAN_LIMITED);
            return;
        }
        for (PeerKey group : bindings.groups()) {
            Mac1 mac1 = group.mac1;
            if (mac1 != null && mac1.matches(scratch, datagram, WireguardMessage.INITIATION_COVERED)) {
                found(group, datagram, source, from, now, out);
                return;
            }
        }
        tally.drop(Drop.UNKNOWN_KEY);
    }

    private void found(
            PeerKey group,
            ByteBuffer datagram,
            InetSocketAddress source,
            @Nullable PeerEndpoint from,
            long now,
            RelayOutput out) {
        Peer sender = null;
        int candidates = 0;
        for (Peer recipient : group.sides) {
            Peer candidate = recipient.other();
            if (candidate.ticketed && candidate.source != from) {
                continue; // only its ticket may move it
            }
            candidates++;
            sender = candidate;
            if (from != null && candidate.source == from) {
                candidates = 1;
                break;
            }
        }
        if (candidates == 0) {
            tally.drop(Drop.TICKET_REQUIRED);
            return;
        }
        Peer certain = candidates == 1 ? sender : null;
        if (certain != null && certain.source == null) {
            // First contact: provisional, until the response commits it or another contact's does.
            bindings.bind(certain, source, now);
            deliverHeld(certain, now, out);
        }
        forward(group, certain, datagram, source, now, out);
    }

    private void forward(
            PeerKey group,
            @Nullable Peer sender,
            ByteBuffer datagram,
            InetSocketAddress source,
            long now,
            RelayOutput out) {
        if (sender != null && sender.session.crosses(sender, now)) {
            tally.drop(Drop.CROSSING); // each would throw the other's handshake away and wait 5 s
            return;
        }
        if (!group.pending.offer(WireguardMessage.firstIndex(datagram), source, now)) {
            tally.drop(Drop.REPLAYED);
            return;
        }
        PeerEndpoint destination = group.destination(sender == null ? null : sender.other());
        if (destination == null) {
            if (group.hold(datagram, source, sender, now)) {
                tally.drop(Drop.SUPERSEDED);
            }
            return;
        }
        if (sender != null && sender.source != null && sender.source.address.equals(source)) {
            sender.session.initiation(sender, now); // from elsewhere it may be a replay, which must not block the other
        }
        send(datagram, destination.address, out);
    }

    /** Hands a side that has just shown up the initiation that waits for it. */
    void deliverHeld(Peer arrived, long now, RelayOutput out) {
        PeerKey.Held held = arrived.group.release();
        if (held == null || arrived.source == null) {
            return;
        }
        if (now - held.since() >= Timeouts.HELD) {
            tally.drop(Drop.SUPERSEDED);
            return;
        }
        Peer sender = held.sender();
        if (sender != null) {
            sender.session.initiation(sender, now);
        }
        send(held.datagram(), arrived.source.address, out);
    }

    void response(ByteBuffer datagram, InetSocketAddress source, long now, RelayOutput out) {
        PeerEndpoint from = bindings.at(source);
        if (from == null) {
            tally.drop(Drop.UNKNOWN_SOURCE);
            return;
        }
        from.seen = now;
        int receiver = WireguardMessage.secondIndex(datagram);
        for (Peer here : from.sides) {
            InetSocketAddress initiator = here.group.pending.find(receiver, now);
            Peer responder = initiator == null ? null : responder(here.group, from, initiator, datagram);
            if (initiator != null && responder != null) {
                commit(responder, from, initiator, datagram, now, out);
                return;
            }
        }
        tally.drop(Drop.UNKNOWN_INDEX);
    }

    /** Which of the sides with this key answers: the one whose peer the response is for. */
    private @Nullable Peer responder(
            PeerKey group, PeerEndpoint from, InetSocketAddress initiator, ByteBuffer datagram) {
        for (Peer side : group.sides) {
            Peer peer = side.other();
            boolean elsewhere = side.ticketed && side.source != from;
            boolean moved = peer.ticketed && peer.source != null && !peer.source.address.equals(initiator);
            if (elsewhere || moved) {
                continue;
            }
            Mac1 mac1 = peer.mac1();
            if (mac1 == null
                    ? side.source == from
                    : mac1.matches(scratch, datagram, WireguardMessage.RESPONSE_COVERED)) {
                return side;
            }
        }
        return null;
    }

    private void commit(
            Peer responder,
            PeerEndpoint from,
            InetSocketAddress initiator,
            ByteBuffer datagram,
            long now,
            RelayOutput out) {
        int responderIndex = WireguardMessage.firstIndex(datagram);
        int initiatorIndex = WireguardMessage.secondIndex(datagram);
        Peer peer = responder.other();
        PeerEndpoint peerSource = bindings.at(initiator);
        if (taken(peerSource, responderIndex, responder, now) || taken(from, initiatorIndex, peer, now)) {
            tally.drop(Drop.INDEX_COLLISION);
            return;
        }
        bindings.bind(responder, from.address, now).routes.put(initiatorIndex, peer, now);
        bindings.bind(peer, initiator, now).routes.put(responderIndex, responder, now);
        responder.group.pending.remove(initiatorIndex, now);
        responder.session.settled();
        send(datagram, initiator, out);
    }

    private static boolean taken(@Nullable PeerEndpoint source, int index, Peer wanted, long now) {
        Peer side = source == null ? null : source.routes.find(index, now);
        return side != null && side != wanted;
    }

    /** A cookie reply names the index of the initiation or response that it answers. */
    void cookie(ByteBuffer datagram, InetSocketAddress source, long now, RelayOutput out) {
        PeerEndpoint from = bindings.at(source);
        if (from == null) {
            tally.drop(Drop.UNKNOWN_SOURCE);
            return;
        }
        int receiver = WireguardMessage.firstIndex(datagram);
        for (Peer here : from.sides) {
            InetSocketAddress initiator = here.group.pending.find(receiver, now);
            if (initiator != null) {
                here.other().session.settled(); // the initiator has to try again, and so may the other side
                send(datagram, initiator, out);
                return;
            }
        }
        Peer responder = from.routes.find(receiver, now);
        if (responder == null || responder.source == null) {
            tally.drop(Drop.UNKNOWN_INDEX);
            return;
        }
        send(datagram, responder.source.address, out);
    }

    private void send(ByteBuffer datagram, InetSocketAddress destination, RelayOutput out) {
        tally.passed(datagram.remaining());
        out.send(datagram, destination);
    }
}
