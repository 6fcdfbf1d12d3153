// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import io.nvremote.relay.RelayOutput;
import io.nvremote.relay.RelayRole;
import io.nvremote.relay.RelayUser;
import io.nvremote.relay.StunMessage;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Binding requests: a ticketed one puts a side at the address it came from, a plain one is told its address. What is not
 * believed gets no answer, and no answer is longer than its request, so the port can't amplify. One thread.
 */
final class StunHandler {

    private static final int SOURCES = 4096;
    private static final long SOURCE_RATE = 50;
    private static final long SOURCE_BURST = 100;
    /** Over all sources: about a tenth of one core. */
    private static final long RATE = 20_000;

    private static final long BURST = 5_000;

    private final Bindings bindings;
    private final Handshakes handshakes;
    private final RelayMetrics tally;
    private final Buckets bySource = new Buckets(SOURCES, SOURCE_RATE, SOURCE_BURST);
    private final Buckets all = new Buckets(1, RATE, BURST);

    StunHandler(Bindings bindings, Handshakes handshakes, RelayMetrics tally) {
        this.bindings = bindings;
        this.handshakes = handshakes;
        this.tally = tally;
    }

    void request(ByteBuffer datagram, InetSocketAddress source, long now, RelayOutput out) {
        if (!bySource.take(source.getAddress(), 1, now) || !all.take(1, now)) {
            tally.drop(Drop.STUN_LIMITED);
            return;
        }
        Optional<StunMessage> message = StunMessage.parse(datagram);
        if (message.isEmpty() || message.get().kind() != StunMessage.Kind.REQUEST) {
            tally.drop(Drop.STUN_MALFORMED);
            return;
        }
        StunMessage request = message.get();
        if (request.signed()) {
            ticket(request, source, now, out);
        } else {
            plain(request, source, out);
        }
    }

    private void plain(StunMessage request, InetSocketAddress source, RelayOutput out) {
        byte[] answer = StunMessage.bindingSuccess(request.transaction(), source);
        if (answer.length > request.length()) {
            tally.drop(Drop.STUN_SHORT);
            return;
        }
        tally.answered();
        out.send(ByteBuffer.wrap(answer), source);
    }

    private void ticket(StunMessage request, InetSocketAddress source, long now, RelayOutput out) {
        Optional<RelayUser> user = request.username().flatMap(RelayUser::of);
        Session session = user.isEmpty() ? null : bindings.session(user.get().session());
        if (session == null) {
            tally.drop(Drop.STUN_UNKNOWN_SESSION);
            return;
        }
        Peer side = user.get().role() == RelayRole.CLIENT ? session.client : session.host;
        if (!request.verify(side.ticket)) {
            tally.drop(Drop.STUN_BAD_INTEGRITY);
            return;
        }
        boolean here = side.source != null && side.source.address.equals(source);
        if (!here && side.usedBefore(request.transaction())) {
            tally.drop(Drop.STUN_REPLAYED);
            return;
        }
        side.use(request.transaction());
        bindings.bind(side, source, now);
        side.ticketed = true;
        byte[] answer = StunMessage.bindingSuccess(request.transaction(), source, side.ticket);
        tally.answered();
        out.send(ByteBuffer.wrap(answer), source);
        handshakes.deliverHeld(side, now, out);
    }
}
