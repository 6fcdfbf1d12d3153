// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tunnel;

import java.net.InetSocketAddress;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Hears what happens to a tunnel, on one of its threads: must not block. */
@ConsumerType
public interface TunnelListener {

    /** A handshake was confirmed: the first, or after silence. */
    default void up() {}

    /** Nothing authentic came for longer than the protocol allows (REJECT_AFTER_TIME) or handshakes go unanswered. */
    default void silent() {}

    /** The live endpoint changed. */
    default void pathChanged(TunnelPath path) {}

    /** This side's candidates changed: tell the peer. */
    default void candidatesChanged(List<InetSocketAddress> candidates) {}
}
