// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence;

import io.nvremote.core.HostId;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.signaling.Signal;
import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Offers that wait for their host's answer: the one who asks and the socket on which the answer comes may be at different
 * control planes. A service. Safe for any thread.
 */
@ProviderType
public interface PendingAnswers {

    /** Begins to wait; before the offer is sent. */
    Question ask(SessionId session, HostId host);

    /** The host's answer; false if nobody waits for one from this host: then it is too late, repeated or not asked for. */
    boolean answered(HostId host, Signal.SessionAnswer answer);

    /** Nobody will answer: whoever waits gets this. */
    void fail(SessionId session, StreamException why);

    /** The host went away: whoever waits for it gets {@link PresenceError#PEER_GONE}. */
    void gone(HostId host);

    /** One offer. */
    @ProviderType
    interface Question extends AutoCloseable {

        /**
         * Waits for the answer. Blocks.
         *
         * @throws StreamException {@link PresenceError#NO_ANSWER}, {@link PresenceError#PEER_GONE} or what
         *     {@link PendingAnswers#fail} was given
         */
        Signal.SessionAnswer await(Duration patience);

        /** Nobody waits any more. Idempotent. */
        @Override
        void close();
    }
}
