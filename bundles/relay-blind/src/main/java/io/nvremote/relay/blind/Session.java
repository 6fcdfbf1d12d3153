// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import io.nvremote.core.SessionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One session in the relay. One thread. */
final class Session {

    final SessionId id;
    final Peer client;
    final Peer host;
    Instant expires;
    /** Whose initiation went through last, while the other's would cross it. */
    private @Nullable Peer initiator;

    private long initiated;

    @SuppressWarnings("this-escape") // the two sides know their session; nobody else sees it before it is complete
    Session(SessionKeys keys, PeerKey clientGroup, PeerKey hostGroup) {
        id = keys.session().id();
        expires = keys.session().expires();
        client = new Peer(this, keys.clientTicket(), clientGroup);
        host = new Peer(this, keys.hostTicket(), hostGroup);
    }

    void initiation(Peer from, long now) {
        initiator = from;
        initiated = now;
    }

    void settled() {
        initiator = null;
    }

    /** Whether an initiation from this side would meet one of the other on its way. */
    boolean crosses(Peer from, long now) {
        return initiator == from.other() && now - initiated < Timeouts.CROSSING;
    }
}
