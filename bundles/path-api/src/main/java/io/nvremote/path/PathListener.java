// SPDX-License-Identifier: Apache-2.0
package io.nvremote.path;

import io.nvremote.tunnel.TunnelPath;
import java.net.InetSocketAddress;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Hears what path selection decides, on the thread whose call made it so and with no lock held: must not block. */
@ConsumerType
public interface PathListener {

    /** Datagrams take this way from now on. */
    default void pathChanged(TunnelPath path) {}

    /** This side's candidates changed: tell the peer. */
    default void candidatesChanged(List<InetSocketAddress> candidates) {}

    /** The relay's routes may not know the current session: a handshake through it makes it learn. */
    default void relayNeedsHandshake() {}
}
