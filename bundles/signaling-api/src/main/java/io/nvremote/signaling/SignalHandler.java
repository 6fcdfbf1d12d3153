// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The logic behind the sockets. A dynamic service: while it is replaced the sockets stay open and what arrives is parked
 * in order. Service property {@code signal.channel} (a {@link SignalChannel} name) says which channel it serves.
 *
 * <p><b>Threads.</b> One call at a time for one socket; calls for different sockets overlap. May block.
 */
@ConsumerType
public interface SignalHandler {

    /** Service property: which channel. */
    String CHANNEL = "signal.channel";

    /** A socket opened, or this handler took over sockets that were open already. */
    void opened(SignalSession session);

    /** One message arrived; it is well-formed. A StreamException is sent to the peer as {@link Signal.Refusal}. */
    void received(SignalSession session, Signal signal);

    /** The socket is gone. */
    void closed(SignalSession session, int code, String reason);
}
