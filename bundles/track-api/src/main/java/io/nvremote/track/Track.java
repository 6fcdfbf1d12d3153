// SPDX-License-Identifier: Apache-2.0
package io.nvremote.track;

import io.nvremote.stream.StreamMessage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One thing that a session carries.
 *
 * <p><b>Threads.</b> Called from any, {@link #message} one at a time; no call may block, but {@link #close} may take a second or two.
 */
@ConsumerType
public interface Track extends AutoCloseable {

    /** All tracks of the session are open. Once, before everything below. */
    default void start() {}

    /** The tunnel carries datagrams. May be said again. */
    default void up() {}

    /** The peer said its first word: it hears what is said from now on. Facts that were said before are to be said again. */
    default void peerHere() {}

    /** A datagram of the peer arrived on the control channel: it lives, whatever the datagram holds. */
    default void heard() {}

    /** A message of the peer; returns whether it was one for this track. Several may take the same. */
    default boolean message(StreamMessage message) {
        return false;
    }

    /** About twice a second, while the process was not standing still: time to look for what hangs. */
    default void watch(long nowNanos) {}

    /** Tells its counters and facts. */
    default void report(TrackReport to) {}

    /** Stops, and gives everything back. Idempotent. */
    @Override
    void close();
}
