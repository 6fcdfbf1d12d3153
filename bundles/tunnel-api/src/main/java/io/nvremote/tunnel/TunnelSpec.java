// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tunnel;

import io.nvremote.core.PathPolicy;
import io.nvremote.core.SessionId;
import io.nvremote.core.TunnelAddress;
import io.nvremote.core.TunnelPublicKey;

/**
 * What a session tunnel needs to know.
 *
 * @param keys mine; taken over by the tunnel
 * @param address mine inside the tunnel
 * @param peerAddress the peer's inside the tunnel; nothing else is accepted as a source
 * @param mtuBytes largest inner IP packet until the path is known to carry more; {@link #MTU_BYTES} fits everywhere
 */
public record TunnelSpec(
        SessionId session,
        TunnelRole role,
        TunnelKeys keys,
        TunnelPublicKey peerPublicKey,
        TunnelAddress address,
        TunnelAddress peerAddress,
        RelayBinding relay,
        PathPolicy policy,
        int mtuBytes) {

    /**
     * The largest inner packet whose datagram fits a path of 1280 bytes, the least that IPv6 allows any link: 80 bytes less,
     * for the outer IPv6 and UDP headers and WireGuard's own.
     */
    public static final int MTU_BYTES = 1200;
}
