// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tunnel;

import org.osgi.annotation.versioning.ProviderType;

/** Makes session tunnels. A service; property {@code tunnel.provider} names the kind. Safe for any thread. */
@ProviderType
public interface TunnelProvider {

    /** Service property that names the kind of tunnel: {@code java}, {@code kernel}, {@code wireguard-go}. */
    String PROVIDER = "tunnel.provider";

    /** Makes a fresh key pair (RFC 7748). */
    TunnelKeys newKeys();

    /**
     * Opens the UDP socket and begins: binds to the relay by ticket and, as {@link TunnelRole#INITIATOR}, starts the
     * handshake. Takes over {@code spec.keys()}: they are wiped at close, also when opening fails.
     *
     * @throws io.nvremote.core.StreamException {@link TunnelError#SOCKET_UNAVAILABLE}
     */
    Tunnel open(TunnelSpec spec, TunnelListener listener);
}
