// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence.local;

import io.nvremote.core.HostId;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.presence.PendingAnswers;
import io.nvremote.presence.PresenceError;
import io.nvremote.signaling.Signal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.service.component.annotations.Component;

/** Offers that wait in this process. */
@Component
public final class LocalAnswers implements PendingAnswers {

    private final ConcurrentHashMap<SessionId, Waiting> open = new ConcurrentHashMap<>();

    @Override
    public Question ask(SessionId session, HostId host) {
        Waiting waiting = new Waiting(session, host);
        open.put(session, waiting);
        return waiting;
    }

    @Override
    public boolean answered(HostId host, Signal.SessionAnswer answer) {
        Waiting waiting = open.get(answer.sessionId());
        return waiting != null && waiting.host.equals(host) && waiting.answer.complete(answer);
    }

    @Override
    public void fail(SessionId session, StreamException why) {
        Waiting waiting = open.get(session);
        if (waiting != null) {
            waiting.answer.completeExceptionally(why);
        }
    }

    @Override
    public void gone(HostId host) {
        open.values().stream()
                .filter(waiting -> waiting.host.equals(host))
                .forEach(waiting -> waiting.answer.completeExceptionally(
                        new StreamException(PresenceError.PEER_GONE, "the host went away before it answered")));
    }

    private final class Waiting implements Question {

        private final SessionId session;
        private final HostId host;
        private final CompletableFuture<Signal.SessionAnswer> answer = new CompletableFuture<>();

        Waiting(SessionId session, HostId host) {
            this.session = session;
            this.host = host;
        }

        @Override
        public Signal.SessionAnswer await(Duration patience) {
            try {
                return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                throw new StreamException(
                        PresenceError.NO_ANSWER, "the host did not answer within " + patience.toMillis() + " ms", e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof StreamException known
                        ? known
                        : new StreamException(PresenceError.PEER_GONE, "the host went away", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StreamException(PresenceError.NO_ANSWER, "interrupted while the host was asked", e);
            }
        }

        @Override
        public void close() {
            open.remove(session, this);
        }
    }
}
