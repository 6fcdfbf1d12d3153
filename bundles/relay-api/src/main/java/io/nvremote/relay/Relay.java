// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What happens to a datagram that reaches a gateway. Sans-IO: it opens no socket and reads no clock, so the caller owns
 * both.
 *
 * <p><b>Threads.</b> {@link #handle} and {@link #tick} belong to one thread; the methods of {@link RelayTable} may be
 * called from any.
 */
@ConsumerType
public interface Relay extends RelayTable {

    /**
     * Handles one datagram. Never throws for bad input: it is counted and dropped.
     *
     * @param datagram from position to limit; lent until the call returns
     * @param source where it came from
     * @param nowNanos monotonic time
     * @param output takes what is to be sent, at most one datagram no longer than this one, and a held one beside it
     */
    void handle(ByteBuffer datagram, InetSocketAddress source, long nowNanos, RelayOutput output);

    /** Lets time pass: call it about once a second. {@code wall} decides which sessions have expired. */
    void tick(Instant wall, long nowNanos);
}
