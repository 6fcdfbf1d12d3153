// SPDX-License-Identifier: Apache-2.0
package io.nvremote.path;

import io.nvremote.tunnel.TunnelPath;
import java.net.InetSocketAddress;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Paths for a tunnel that owns its socket (kernel, wireguard-go): it sends everything for its peer to {@link #endpoint} on
 * loopback, and hears its peer from there. Behind it is a {@link PathSelection} with a socket of its own.
 *
 * <p>Only datagrams from the relay, the live path and probed candidates are let in; whether they are authentic is the
 * tunnel's to find out. A peer that is no peer of ours (a plain WireGuard) is reached at the relay's address only.
 *
 * <p><b>Threads.</b> Safe for any.
 */
@ProviderType
public interface LocalProxy extends AutoCloseable {

    /** What the tunnel takes for its peer's endpoint. */
    InetSocketAddress endpoint();

    /** The way datagrams take now. */
    TunnelPath path();

    /** Where the peer may reach this side, as {@link PathSelection#candidates}. */
    List<InetSocketAddress> candidates();

    /** The peer told where it might be reached. */
    void peerCandidates(List<InetSocketAddress> candidates);

    /** How often the path changed. */
    long changes();

    /** Datagrams from strangers, and bindings and probes that were not genuine. */
    long rejected();

    /** Closes both sockets and ends the threads. Idempotent. */
    @Override
    void close();
}
