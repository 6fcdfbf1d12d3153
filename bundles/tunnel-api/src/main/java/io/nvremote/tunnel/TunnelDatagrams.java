// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tunnel;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** Takes datagrams that arrive at a port, on the tunnel's receiving thread: must not block. */
@ConsumerType
@FunctionalInterface
public interface TunnelDatagrams {

    /** One datagram; the buffer is lent until the call returns. */
    void datagram(int peerPort, ByteBuffer datagram);
}
