// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.tunnel.TunnelPath;
import java.net.InetSocketAddress;
import java.util.List;

/** What path selection tells. Called on the receiving or the timer thread. */
interface PathEvents {

    void pathChanged(TunnelPath path);

    void candidatesChanged(List<InetSocketAddress> candidates);

    /** The relay's routes may not know the current session: a handshake through it makes it learn. */
    void relayNeedsHandshake();
}
