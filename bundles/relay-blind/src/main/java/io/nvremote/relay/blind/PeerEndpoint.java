// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An address that at least one side is bound to. One thread. */
final class PeerEndpoint {

    final InetSocketAddress address;
    /** More than one where a host serves several sessions from one WireGuard port. */
    final List<Peer> sides = new ArrayList<>(1);

    final Routes routes = new Routes();
    /** When it last sent anything. */
    long seen;

    PeerEndpoint(InetSocketAddress address) {
        this.address = address;
    }

    /** The one side here, if it showed a ticket: what it sends can only be for its peer. */
    @Nullable
    Peer onlyTicketed() {
        if (sides.size() != 1) {
            return null;
        }
        Peer side = sides.getFirst();
        return side.ticketed ? side : null;
    }
}
