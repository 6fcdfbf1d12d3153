// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ends what rests on rights that have ended, a round every {@link #PERIOD}. The sessions first, so that their ends are said on the
 * sockets that then close; but no session whose end hangs holds up a socket for longer than {@link #GRACE}, and none that fails takes
 * anything from the others. One thread makes the rounds.
 */
final class EndedRights implements AutoCloseable {

    static final Duration PERIOD = Duration.ofSeconds(1);

    /** A socket closes within 5 s of its right's end: what a sign-in is known for, the grace of a round that looked too early, a
     * period, this round's grace, and a second for the exchanges with the database. */
    static final Duration GRACE = Duration.ofMillis(500);

    /** Each end is a transaction; the pool is there for others too. */
    private static final int AT_ONCE = 8;

    private final Look look;
    private final Set<SessionId> ending = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newFixedThreadPool(
            AT_ONCE, Thread.ofVirtual().name("control-ended-", 0).factory());

    /** What the database says now. */
    interface Look {

        /** For each connection whose right has ended, what closes it. */
        List<Runnable> connections();

        /** For each running session whose right has ended, what ends it and tells of it. */
        Map<SessionId, Runnable> sessions();
    }

    EndedRights(Look look) {
        this.look = look;
    }

    /**
     * One round. The connections are looked at before the sessions: whatever ended a connection's right is seen by the sessions too.
     *
     * @throws StreamException when some of it failed, after the rest was done; it is tried again by the next round
     */
    void round() {
        List<Runnable> closings = new ArrayList<>(look.connections());
        closings.addFirst(() -> await(look.sessions().entrySet().stream()
                .filter(each -> ending.add(each.getKey()))
                .map(each -> CompletableFuture.runAsync(each.getValue(), threads)
                        .whenComplete((done, failed) -> ending.remove(each.getKey())))
                .toList()));
        Housekeeping.runAll(closings);
    }

    private static void await(List<CompletableFuture<Void>> ends) {
        try {
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).get(GRACE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // They go on, and are not begun again meanwhile.
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failed ? failed : new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
