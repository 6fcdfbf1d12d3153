// SPDX-License-Identifier: Apache-2.0
package io.nvremote.path;

import java.net.InetSocketAddress;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Makes paths for sessions. A service. Safe for any thread. */
@ProviderType
public interface PathProvider {

    /**
     * Begins the paths of one session.
     *
     * @param secret X25519 of the two static keys of the session's tunnel (RFC 7748): what probes are signed with is derived
     *     from it. Lent until the call returns; the caller wipes it
     * @param output the socket that the tunnel's own datagrams leave by
     * @param now nanoseconds of the clock that all calls of the selection are told
     * @throws io.nvremote.core.StreamException {@link io.nvremote.tunnel.TunnelError#SOCKET_UNAVAILABLE} if the relay's
     *     name has no address
     */
    PathSelection open(PathSpec spec, byte[] secret, PathOutput output, PathListener listener, long now);

    /**
     * Begins the paths of one session whose tunnel owns its socket.
     *
     * @param secret as for {@link #open}
     * @param tunnelPort the UDP port on loopback that the tunnel listens on: the only one that may send
     * @throws io.nvremote.core.StreamException {@link io.nvremote.tunnel.TunnelError#SOCKET_UNAVAILABLE}
     */
    LocalProxy proxy(PathSpec spec, byte[] secret, int tunnelPort, PathListener listener);

    /**
     * This machine's addresses with the port of the tunnel's socket, for {@link PathSelection#hosts}: of the relay's family,
     * and of loopback only when the relay is there too. Reads the system's list of interfaces.
     */
    List<InetSocketAddress> hostAddresses(InetSocketAddress relay, int port);
}
