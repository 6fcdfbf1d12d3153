// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.broker.Broker;
import io.nvremote.broker.StreamSession;
import io.nvremote.core.Remedy;
import io.nvremote.core.StreamException;
import io.nvremote.presence.Holder;
import io.nvremote.presence.Lease;
import io.nvremote.presence.Presence;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalError;
import io.nvremote.signaling.SignalHandler;
import io.nvremote.signaling.SignalSession;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What clients say on {@code /ws/client}: a token first, and again to stay when it expires; then candidates. */
@Component(property = SignalHandler.CHANNEL + "=CLIENT")
public final class ClientSignals implements SignalHandler {

    private static final int POLICY = 1008;
    private static final int TRY_AGAIN_LATER = 1013;

    private final Broker broker;
    private final Presence presence;
    private final Arrivals arrivals;
    private final Candidates candidates;

    @Activate
    public ClientSignals(
            @Reference Broker broker,
            @Reference Presence presence,
            @Reference Arrivals arrivals,
            @Reference Candidates candidates) {
        this.broker = broker;
        this.presence = presence;
        this.arrivals = arrivals;
        this.candidates = candidates;
    }

    /** Nothing yet: it is a stranger until it shows its token, or it did before this handler took over. */
    @Override
    public void opened(SignalSession session) {}

    @Override
    public void received(SignalSession session, Signal signal) {
        if (signal instanceof Signal.ClientAuth auth) {
            authenticate(session, auth);
            return;
        }
        Holder holder = presence.lease(session).map(Lease::holder).orElse(null);
        if (!(holder instanceof Holder.Client client)) {
            session.close(POLICY, SignalError.NOT_AUTHENTICATED.name());
            throw new StreamException(SignalError.NOT_AUTHENTICATED, "the first message must be auth");
        }
        if (!(signal instanceof Signal.Candidates offered)) {
            session.close(POLICY, SignalError.NOT_ALLOWED.name());
            throw new StreamException(SignalError.NOT_ALLOWED, "clients don't send this message");
        }
        StreamSession streaming = broker.visibleTo(client.user(), offered.sessionId())
                .filter(found -> found.user().equals(client.user()))
                .orElseThrow(() -> new StreamException(SignalError.NOT_ALLOWED, "the session is not this user's"));
        candidates.fromClient(streaming, offered);
    }

    @Override
    public void closed(SignalSession session, int code, String reason) {
        presence.detach(session);
    }

    private void authenticate(SignalSession session, Signal.ClientAuth auth) {
        try {
            arrivals.client(session, auth.token());
        } catch (StreamException e) {
            session.send(new Signal.Refusal(e.code().name(), String.valueOf(e.getMessage())));
            boolean passes = e.code().remedy() == Remedy.RETRY;
            session.close(
                    passes ? TRY_AGAIN_LATER : POLICY, passes ? e.code().name() : SignalError.NOT_AUTHENTICATED.name());
        }
    }
}
