// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tunnel;

import java.net.InetSocketAddress;

/** A way to the peer. */
public record TunnelPath(Kind kind, InetSocketAddress endpoint) {

    /** Through the relay or straight. */
    public enum Kind {
        RELAY,
        DIRECT
    }
}
