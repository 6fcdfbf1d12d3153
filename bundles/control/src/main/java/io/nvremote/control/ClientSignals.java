// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.broker.Broker;
import io.nvremote.broker.StreamSession;
import io.nvremote.core.StreamException;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalError;
import io.nvremote.signaling.SignalHandler;
import io.nvremote.signaling.SignalSession;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** What clients say on {@code /ws/client}: a token first, and again to stay when it expires; then candidates. */
@Component(property = SignalHandler.CHANNEL + "=CLIENT")
public final class ClientSignals implements SignalHandler {

    private static final int POLICY = 1008;
    private static final Duration AUTH_LIMIT = Duration.ofSeconds(5);

    private final Broker broker;
    private final Presence presence;
    private final ConnectionRegistry lines;
    private final Candidates candidates;
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("client-auth").factory());
    private final ConcurrentHashMap<String, ScheduledFuture<?>> waiting = new ConcurrentHashMap<>();

    @Activate
    public ClientSignals(
            @Reference Broker broker,
            @Reference Presence presence,
            @Reference ConnectionRegistry lines,
            @Reference Candidates candidates) {
        this.broker = broker;
        this.presence = presence;
        this.lines = lines;
        this.candidates = candidates;
    }

    @Override
    public void opened(SignalSession session) {
        if (lines.clientOf(session) != null) {
            return; // authenticated before this handler took over
        }
        waiting.put(
                session.name(),
                deadlines.schedule(
                        () -> session.close(POLICY, SignalError.NOT_AUTHENTICATED.name()),
                        AUTH_LIMIT.toMillis(),
                        TimeUnit.MILLISECONDS));
    }

    @Override
    public void received(SignalSession session, Signal signal) {
        if (signal instanceof Signal.ClientAuth auth) {
            authenticate(session, auth);
            return;
        }
        ClientConnection line = lines.clientOf(session);
        if (line == null) {
            session.close(POLICY, SignalError.NOT_AUTHENTICATED.name());
            throw new StreamException(SignalError.NOT_AUTHENTICATED, "the first message must be auth");
        }
        if (!(signal instanceof Signal.Candidates offered)) {
            session.close(POLICY, SignalError.NOT_ALLOWED.name());
            throw new StreamException(SignalError.NOT_ALLOWED, "clients don't send this message");
        }
        StreamSession streaming = broker.visibleTo(line.user(), offered.sessionId())
                .filter(found -> found.user().equals(line.user()))
                .orElseThrow(() -> new StreamException(SignalError.NOT_ALLOWED, "the session is not this user's"));
        candidates.fromClient(streaming, offered);
    }

    @Override
    public void closed(SignalSession session, int code, String reason) {
        stopWaiting(session);
        lines.clientWent(session);
    }

    private void authenticate(SignalSession session, Signal.ClientAuth auth) {
        try {
            ClientConnection line = presence.clientCame(session, auth.token());
            stopWaiting(session);
            candidates.replay(line);
        } catch (StreamException e) {
            session.send(new Signal.Refusal(e.code().name(), String.valueOf(e.getMessage())));
            session.close(POLICY, SignalError.NOT_AUTHENTICATED.name());
        }
    }

    private void stopWaiting(SignalSession session) {
        ScheduledFuture<?> deadline = waiting.remove(session.name());
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Deactivate
    void close() {
        deadlines.shutdownNow();
    }
}
