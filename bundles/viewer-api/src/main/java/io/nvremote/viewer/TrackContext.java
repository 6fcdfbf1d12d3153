// SPDX-License-Identifier: Apache-2.0
package io.nvremote.viewer;

import io.nvremote.core.SessionId;
import io.nvremote.stream.StreamMessage;
import io.nvremote.tunnel.TunnelDatagrams;
import io.nvremote.tunnel.TunnelPort;
import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/** The session, as its tracks see it. Safe for any thread. */
@ProviderType
public interface TrackContext {

    SessionId session();

    /** Where to show what comes. */
    StreamView view();

    /**
     * A port inside the tunnel; what arrives is this track's from its start on. A track that takes over shares the port with the
     * one before it until that is closed.
     */
    TunnelPort bind(int port, TunnelDatagrams arrived);

    /** Says something to the host by the track that has a {@link ControlLink}; lost if there is none. */
    void say(StreamMessage message);

    /** Something whole came from the host: it lives. */
    void heard();

    /** How long nothing came. */
    Duration silence();

    /** A message of the host for all tracks. To be called by the track that carries messages, one at a time. */
    void received(StreamMessage message);

    /** The host leaves: the session ends. */
    void left(String reason);
}
