// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import io.nvremote.relay.RelayOutput;
import io.nvremote.relay.StunMessage;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * The relay without sockets and clocks: sorts datagrams and passes data on by (source, receiver index). Passing data
 * allocates nothing. One thread.
 */
final class RelayCore {

    private final Bindings bindings = new Bindings();
    private final RelayMetrics tally;
    private final Handshakes handshakes;
    private final StunHandler stun;

    RelayCore(RelayMetrics tally) {
        this.tally = tally;
        handshakes = new Handshakes(bindings, tally);
        stun = new StunHandler(bindings, handshakes, tally);
    }

    /** Sessions and addresses; for changes of the table. */
    Bindings bindings() {
        return bindings;
    }

    void handle(ByteBuffer datagram, InetSocketAddress source, long now, RelayOutput out) {
        switch (WireguardMessage.type(datagram)) {
            case WireguardMessage.DATA -> data(datagram, source, now, out);
            case WireguardMessage.INITIATION -> handshakes.initiation(datagram, source, now, out);
            case WireguardMessage.RESPONSE -> handshakes.response(datagram, source, now, out);
            case WireguardMessage.COOKIE -> handshakes.cookie(datagram, source, now, out);
            default -> {
                if (StunMessage.looksLikeStun(datagram)) {
                    stun.request(datagram, source, now, out);
                } else {
                    tally.drop(Drop.MALFORMED);
                }
            }
        }
    }

    private void data(ByteBuffer datagram, InetSocketAddress source, long now, RelayOutput out) {
        PeerEndpoint from = bindings.at(source);
        if (from == null) {
            tally.drop(Drop.UNKNOWN_SOURCE);
            return;
        }
        Peer to = from.routes.find(WireguardMessage.firstIndex(datagram), now);
        if (to == null) {
            // After a restart of the relay a ticket is back before the next handshake: its owner has one peer only.
            Peer only = from.onlyTicketed();
            if (only == null) {
                tally.drop(Drop.UNKNOWN_INDEX);
                return;
            }
            to = only.other();
        }
        from.seen = now;
        PeerEndpoint destination = to.source;
        if (destination == null) {
            tally.drop(Drop.NO_PEER);
            return;
        }
        tally.passed(datagram.remaining());
        out.send(datagram, destination.address);
    }

    void tick(Instant wall, long now) {
        bindings.expire(wall, now, tally);
        tally.sizes(bindings.sessionCount(), bindings.boundCount());
    }

    /** Brings the figures of the table up to date after changes. */
    void changed() {
        tally.sizes(bindings.sessionCount(), bindings.boundCount());
    }
}
