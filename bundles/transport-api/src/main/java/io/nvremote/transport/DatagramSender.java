// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport;

import java.nio.ByteBuffer;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Sends one datagram to the peer. Never blocks for long, never throws for a lost datagram. Safe for any thread. */
@ConsumerType
@FunctionalInterface
public interface DatagramSender {

    /** Sends position to limit. The buffer is the caller's again when this returns. */
    void send(ByteBuffer datagram);

    /**
     * The longest datagram that gets through now, asked for each packet that is made: what is made later than it changed
     * is no longer. Override it where the path has a limit of its own below that of the {@link VideoSpec}.
     */
    default int maxDatagramBytes() {
        return Integer.MAX_VALUE;
    }

    /**
     * Sends datagrams that are due at the same time, in this order; override it where many at once cost less. List and
     * buffers are the caller's again when this returns.
     */
    default void sendAll(List<ByteBuffer> datagrams) {
        for (int i = 0; i < datagrams.size(); i++) {
            send(datagrams.get(i));
        }
    }
}
