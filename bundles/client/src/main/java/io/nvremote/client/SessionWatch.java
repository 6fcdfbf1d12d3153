// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.viewer.HostFacts;
import io.nvremote.viewer.ViewerError;
import io.nvremote.viewer.ViewerSession.Phase;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Waits for one host: until its tunnel is up, until the session may be shown, until it is over. The connection's thread waits;
 * {@link #end} is for any.
 */
final class SessionWatch {

    private static final Duration LARGEST_WITHIN = Duration.ofSeconds(2);
    private static final Duration TUNNEL_WITHIN = Duration.ofSeconds(10);
    /** A host that has much to do takes its time to start a process for an encoder, and says nothing meanwhile. */
    private static final Duration PICTURE_WITHIN = Duration.ofSeconds(30);

    private static final Duration TICK = Duration.ofMillis(250);
    /** A first picture is shown at once, whenever it comes. */
    private static final Duration LOOK = Duration.ofMillis(10);

    private static final Duration INTERRUPTED_AFTER = Duration.ofSeconds(3);

    private final String host;
    private final Duration lostAfter;
    private final Clock clock;
    /** What ended it, if that was no failure. Completed once; wakes whatever waits. */
    private final CompletableFuture<SessionEnd> over = new CompletableFuture<>();

    /**
     * For one connection.
     *
     * @param host the name that a person reads
     * @param lostAfter a host that is silent for longer has left
     */
    SessionWatch(String host, Duration lostAfter, Clock clock) {
        this.host = host;
        this.lostAfter = lostAfter;
        this.clock = clock;
    }

    /** Somebody said that it is over; the first word counts. */
    void end(SessionEnd said) {
        over.complete(said);
    }

    /** The first word that was said of the end; {@link SessionEnd#NONE} before. */
    SessionEnd said() {
        return over.getNow(SessionEnd.NONE);
    }

    /** Throws if somebody ended it already. */
    void goesOn() {
        String why = said().why();
        if (!why.isEmpty()) {
            throw new StreamException(ViewerError.CANCELLED, why);
        }
    }

    private void cancelledOr(StreamException otherwise) {
        goesOn();
        throw otherwise;
    }

    void untilUp(Tunnel opened) {
        if (!opened.awaitUp(TUNNEL_WITHIN)) {
            cancelledOr(new StreamException(
                    ViewerError.TUNNEL_SILENT,
                    "no answer of " + host + " through the tunnel in " + TUNNEL_WITHIN.toSeconds() + " s"));
        }
    }

    void untilReady(SessionTracks tracks, Tunnel opened) throws InterruptedException {
        long begun = clock.nanos();
        long ticked = begun - TICK.toNanos();
        while (!tracks.ready()) {
            long now = clock.nanos();
            if (tracks.bye() != null || over.isDone() || now - begun > PICTURE_WITHIN.toNanos()) {
                throw notReady(tracks, opened);
            }
            if (now - ticked >= TICK.toNanos()) {
                ticked = now;
                tracks.tick();
            }
            clock.sleep(LOOK);
            if (Thread.interrupted()) {
                throw new InterruptedException("while waiting for a picture");
            }
        }
    }

    private StreamException notReady(SessionTracks tracks, Tunnel opened) {
        String bye = tracks.bye();
        String wrong = tracks.part(HostFacts.class)
                .map(facts -> facts.trouble().sentence())
                .orElse("");
        if (bye == null && wrong.isEmpty() && !over.isDone() && !opened.carriesLargest(LARGEST_WITHIN)) {
            goesOn();
            return new StreamException(
                    ViewerError.PATH_TOO_SMALL,
                    "small datagrams reach " + host + ", large ones don't: " + opened.path());
        }
        goesOn();
        String otherwise = wrong.isEmpty() ? "no picture in " + PICTURE_WITHIN.toSeconds() + " s" : wrong;
        return new StreamException(ViewerError.NO_PICTURE, bye != null ? "the host left: " + bye : otherwise);
    }

    /** Stays until somebody ends it, or throws when the host is silent for too long. */
    SessionEnd untilOver(SessionTracks tracks, Consumer<Phase> phase) throws InterruptedException {
        while (true) {
            tracks.tick();
            try {
                return over.get(TICK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                look(tracks, phase);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void look(SessionTracks tracks, Consumer<Phase> phase) {
        String bye = tracks.bye();
        Duration silence = tracks.silence();
        if (bye != null) {
            end(SessionEnd.theirs(bye));
        } else if (silence.compareTo(lostAfter) > 0) {
            throw new StreamException(
                    ViewerError.CONNECTION_LOST, host + " was silent for " + lostAfter.toSeconds() + " s");
        } else {
            phase.accept(silence.compareTo(INTERRUPTED_AFTER) > 0 ? Phase.INTERRUPTED : Phase.STREAMING);
        }
    }

    /** How long a silent host is still waited for. */
    Duration patience(SessionTracks tracks) {
        Duration left = lostAfter.minus(tracks.silence());
        return left.isNegative() ? Duration.ZERO : left;
    }
}
