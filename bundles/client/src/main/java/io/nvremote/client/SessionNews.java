// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.signaling.Signal;
import io.nvremote.viewer.HostEntry;
import io.nvremote.viewer.ViewerError;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the control plane says of one session. What comes before it is known which session is ours (the socket may be faster
 * than the answer to our request) is kept until it is. Safe for any thread.
 */
final class SessionNews {

    private static final Duration HOST_ANSWERS_WITHIN = Duration.ofSeconds(12);
    private static final int EARLY_AT_MOST = 64;
    private static final int CANDIDATES_AT_MOST = 16;

    private final Consumer<List<InetSocketAddress>> candidates;
    private final Consumer<String> ended;
    private final CompletableFuture<Signal.SessionUpdate> active = new CompletableFuture<>();
    private final List<Signal> early = new ArrayList<>();
    private @Nullable SessionOffer offer;

    /**
     * Both are called on the thread that brings the news.
     *
     * @param candidates where the host may be reached directly
     * @param ended hears why the session is over, if the control plane says so
     */
    SessionNews(Consumer<List<InetSocketAddress>> candidates, Consumer<String> ended) {
        this.candidates = candidates;
        this.ended = ended;
    }

    /** A message of the control plane: ignored unless it is about our session. */
    synchronized void signal(Signal signal) {
        SessionOffer mine = offer;
        if (mine == null) {
            if (early.size() < EARLY_AT_MOST) {
                early.add(signal);
            }
            return;
        }
        switch (signal) {
            case Signal.SessionUpdate update when update.sessionId().equals(mine.session()) -> updated(update);
            case Signal.Candidates peer
            when peer.sessionId().equals(mine.session()) ->
                candidates.accept(peer.candidates().stream()
                        .limit(CANDIDATES_AT_MOST)
                        .map(SessionOffer::resolved)
                        .toList());
            default -> {}
        }
    }

    /** This session is ours. */
    synchronized void offered(SessionOffer made) {
        offer = made;
        early.forEach(this::signal);
        early.clear();
    }

    private void updated(Signal.SessionUpdate update) {
        String said = update.reason();
        switch (update.status()) {
            case "ACTIVE" -> active.complete(update);
            case "FAILED", "EXPIRED", "TERMINATED" -> {
                String why = said == null ? "The session is " + update.status().toLowerCase(Locale.ROOT) + "." : said;
                active.completeExceptionally(
                        new StreamException(RemoteError.of("SESSION_" + update.status(), 503), why));
                ended.accept(why);
            }
            default -> {}
        }
    }

    /** Nobody waits for the host any more. */
    void cancel(String why) {
        active.completeExceptionally(new StreamException(ViewerError.CANCELLED, why));
    }

    /** The host's public key: of the offer, or as the host tells it. Waits for that. */
    TunnelPublicKey hostKey(SessionOffer made, HostEntry host) throws InterruptedException {
        TunnelPublicKey given = made.hostKey();
        if (given != null) {
            return given;
        }
        try {
            TunnelPublicKey key = active.get(HOST_ANSWERS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                    .hostPublicKey();
            if (key != null) {
                return key;
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StreamException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new StreamException(
                    ViewerError.HOST_NOT_READY,
                    host.name() + " did not answer in " + HOST_ANSWERS_WITHIN.toSeconds() + " s",
                    e);
        }
        throw new StreamException(ViewerError.SESSION_REFUSED, "the session became active without a key of the host");
    }
}
