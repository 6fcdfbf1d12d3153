// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tunnel;

import java.nio.ByteBuffer;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** A UDP port inside the tunnel. Safe for any thread. */
@ProviderType
public interface TunnelPort extends AutoCloseable {

    /**
     * The longest datagram that the path in use is known to carry: its MTU less 28 bytes of IPv4 and UDP header. May rise
     * and fall while the tunnel is open; what is longer may get lost.
     */
    int maxDatagramBytes();

    /** What {@link #maxDatagramBytes} may ever become: nothing longer can be sent. */
    default int largestDatagramBytes() {
        return maxDatagramBytes();
    }

    /** Sends position to limit to a port of the peer; lost without a word while the tunnel is down. */
    void send(int peerPort, ByteBuffer datagram);

    /**
     * Sends several datagrams to a port of the peer, in this order, as {@link #send} would each of them, and for less
     * where the system takes many at once. Nothing waits for a later call: what is given has left, or is lost, when
     * this returns, and list and buffers are the caller's again. The first may leave only when the last is sealed, some
     * microseconds a datagram: give together what is due together.
     *
     * @param datagrams each from position to limit, of any mix of lengths, as many as you like; fastest where
     *     neighbours have the same length and the list has random access
     * @throws IllegalArgumentException if one is longer than {@link #largestDatagramBytes}; ones before it may have left
     */
    default void sendAll(int peerPort, List<ByteBuffer> datagrams) {
        for (int i = 0; i < datagrams.size(); i++) {
            send(peerPort, datagrams.get(i));
        }
    }

    /** Gives the port back. Idempotent. */
    @Override
    void close();
}
