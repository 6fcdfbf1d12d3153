// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tunnel;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** One session's tunnel. All methods may be called from any thread. */
@ProviderType
public interface Tunnel extends AutoCloseable {

    /** Waits for a confirmed handshake; false if there was none in that time. */
    boolean awaitUp(Duration timeout);

    /**
     * ICMP echo to the peer's tunnel address.
     *
     * @return the round trip, or {@link TunnelError#PEER_SILENT} as an exception if none came in that time
     */
    Duration ping(Duration timeout);

    /**
     * Whether the path that datagrams take now carries the largest that it is taken to carry, there and back. Waits for an answer; of use
     * when little gets through that is small and nothing that is large.
     */
    boolean carriesLargest(Duration timeout);

    /**
     * Opens a UDP port inside the tunnel.
     *
     * @throws io.nvremote.core.StreamException {@link TunnelError#PORT_IN_USE}
     */
    TunnelPort bind(int port, TunnelDatagrams arrived);

    /** Where this side might be reached directly: host addresses, and the reflexive one once the relay told it. */
    List<InetSocketAddress> candidates();

    /** Tells where the peer might be reached directly. May be called again with more. Ignored under RELAY policy. */
    void peerCandidates(List<InetSocketAddress> candidates);

    /** The way datagrams take now. */
    TunnelPath path();

    /** Figures since the tunnel began. */
    TunnelStats stats();

    /** Ends the tunnel, closes the socket and wipes every key. Idempotent. */
    @Override
    void close();
}
