// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.connect.ConnectError;
import io.nvremote.core.HostId;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.signaling.Signal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Offers that wait for their host's answer. Safe for any thread. */
final class PendingOffers {

    private final ConcurrentHashMap<SessionId, Attempt> open = new ConcurrentHashMap<>();
    private final Duration patience;

    PendingOffers(Duration patience) {
        this.patience = patience;
    }

    /** One offer. */
    record Attempt(SessionId session, HostId host, CompletableFuture<Signal.SessionAnswer> answer, Duration patience) {

        /** Waits for the answer. */
        Signal.SessionAnswer await() {
            try {
                return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                throw new StreamException(
                        ConnectError.SESSION_HOST_SILENT,
                        "the host did not answer within " + patience.toMillis() + " ms",
                        e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof StreamException known
                        ? known
                        : new StreamException(ConnectError.SESSION_HOST_OFFLINE, "the host went away", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StreamException(ConnectError.SESSION_HOST_SILENT, "interrupted while the host was asked", e);
            }
        }
    }

    Attempt begin(SessionId session, HostId host) {
        Attempt attempt = new Attempt(session, host, new CompletableFuture<>(), patience);
        open.put(session, attempt);
        return attempt;
    }

    void end(Attempt attempt) {
        open.remove(attempt.session(), attempt);
    }

    /** The host's answer; false if nobody waits for it from this host. */
    boolean answered(HostId host, Signal.SessionAnswer answer) {
        Attempt attempt = open.get(answer.sessionId());
        return attempt != null
                && attempt.host().equals(host)
                && attempt.answer().complete(answer);
    }

    /** The host went away: whoever waits for it is told at once. */
    void hostWent(HostId host) {
        open.values().stream().filter(attempt -> attempt.host().equals(host)).forEach(attempt -> attempt.answer()
                .completeExceptionally(new StreamException(
                        ConnectError.SESSION_HOST_OFFLINE, "the host went away before it answered")));
    }

    /** The session was ended while its host was asked. */
    void ended(SessionId session) {
        Attempt attempt = open.get(session);
        if (attempt != null) {
            attempt.answer()
                    .completeExceptionally(new StreamException(
                            ConnectError.SESSION_ENDED, "the session was ended while its host was asked"));
        }
    }
}
