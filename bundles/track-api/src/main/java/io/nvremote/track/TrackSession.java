// SPDX-License-Identifier: Apache-2.0
package io.nvremote.track;

import io.nvremote.core.SessionId;
import io.nvremote.stream.StreamMessage;
import io.nvremote.tunnel.TunnelDatagrams;
import io.nvremote.tunnel.TunnelPort;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** The session, as its tracks see it. Safe for any thread. */
@ProviderType
public interface TrackSession {

    SessionId id();

    /**
     * A port inside the tunnel. It is the track's until it closes it, or the session ends.
     *
     * @throws io.nvremote.core.StreamException if the port is taken
     */
    TunnelPort bind(int port, TunnelDatagrams arrived);

    /** Says something on the control channel, which loses nothing; lost while the peer is not here. */
    void say(StreamMessage message);

    /** Whether the peer has said anything yet. */
    boolean peerIsHere();

    /**
     * Tells the other tracks how something is now. Of each type the last fact stands; it may be told again though nothing changed.
     *
     * @param fact its class is its name
     */
    void tell(Object fact);

    /** Hears the facts of a type: the one that stands, at once, and each that is told until the session ends. Must not block. */
    <F> void hear(Class<F> type, Consumer<F> listener);

    /** What the track of this name has counted so far, by the names of its counters; empty if there is none. */
    Map<String, Long> counters(String track);

    /** Ends the whole session. Returns at once. */
    void end(String reason);
}
