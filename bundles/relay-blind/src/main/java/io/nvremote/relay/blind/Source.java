// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An address that at least one side is bound to. One thread. */
final class Source {

    final InetSocketAddress address;
    /** More than one where a host serves several sessions from one WireGuard port. */
    final List<Side> sides = new ArrayList<>(1);

    final Routes routes = new Routes();
    /** When it last sent anything. */
    long seen;

    Source(InetSocketAddress address) {
        this.address = address;
    }

    /** The one side here, if it showed a ticket: what it sends can only be for its peer. */
    @Nullable
    Side onlyTicketed() {
        if (sides.size() != 1) {
            return null;
        }
        Side side = sides.getFirst();
        return side.ticketed ? side : null;
    }
}
