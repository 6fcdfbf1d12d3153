// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.broker.SessionStatus;
import io.nvremote.broker.StreamSession;
import io.nvremote.core.Endpoint;
import io.nvremote.core.StreamException;
import io.nvremote.presence.Audience;
import io.nvremote.presence.Presence;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalError;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Hands the addresses of one side of a session to the other. What a host said last is kept while its session lives, for a
 * client that connects later. Safe for any thread.
 */
@Component(service = Candidates.class)
public final class Candidates {

    private static final int MAX = 16;

    private final Presence presence;

    @Activate
    public Candidates(@Reference Presence presence) {
        this.presence = presence;
    }

    void fromHost(StreamSession session, Signal.Candidates offered) {
        check(session, offered);
        presence.sendAndKeep(session.user(), session.id(), offered);
    }

    void fromClient(StreamSession session, Signal.Candidates offered) {
        check(session, offered);
        presence.send(new Audience.Host(session.host()), offered);
    }

    private static void check(StreamSession session, Signal.Candidates offered) {
        if (session.status() != SessionStatus.ACTIVE && session.status() != SessionStatus.PENDING) {
            throw new StreamException(SignalError.INVALID_FIELD, "session_id names a session that has ended");
        }
        // Names would make the other side look up what this side wants.
        if (offered.candidates().size() > MAX || !offered.candidates().stream().allMatch(Endpoint::numeric)) {
            throw new StreamException(
                    SignalError.INVALID_FIELD, "candidates must be at most " + MAX + " numeric address:port texts");
        }
    }
}
