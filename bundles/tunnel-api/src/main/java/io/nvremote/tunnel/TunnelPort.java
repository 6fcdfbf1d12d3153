// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tunnel;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/** A UDP port inside the tunnel. Safe for any thread. */
@ProviderType
public interface TunnelPort extends AutoCloseable {

    /** The longest datagram that fits: MTU less 28 bytes of IPv4 and UDP header. */
    int maxDatagramBytes();

    /** Sends position to limit to a port of the peer; lost without a word while the tunnel is down. */
    void send(int peerPort, ByteBuffer datagram);

    /** Gives the port back. Idempotent. */
    @Override
    void close();
}
