// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Ends what rests on rights that have ended, a round every {@link #PERIOD}. A socket waits until it was told of the ends of its own
 * sessions, but for no longer than {@link #GRACE}, and for nothing of others: an end that hangs or fails holds up nobody else's.
 * One thread makes the rounds.
 */
final class EndedRights implements AutoCloseable {

    static final Duration PERIOD = Duration.ofSeconds(1);

    /**
     * A socket closes within 5 s of its right's end: what a sign-in is known for, a period, this, and the rest for the exchanges with
     * the database.
     */
    static final Duration GRACE = Duration.ofMillis(2500);

    /** Each end is a transaction; the pool is there for others too. */
    private static final int AT_ONCE = 8;

    private final Look look;
    private final Map<SessionId, UnderWay> underWay = new ConcurrentHashMap<>();
    private final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    private final ExecutorService ends = Executors.newFixedThreadPool(
            AT_ONCE, Thread.ofVirtual().name("control-ended-", 0).factory());

    /**
     * A socket to close.
     *
     * @param party whose it is: a host's or a user's id
     */
    record Closing(Object party, Runnable close) {}

    /**
     * A session to end and to tell of it.
     *
     * @param parties who is told: ids of the host and of the user
     */
    record Ending(Set<Object> parties, Runnable end) {}

    private record UnderWay(Set<Object> parties, CompletableFuture<Void> done) {}

    /** What the database says now. */
    interface Look {

        /** The connections whose right has ended. */
        List<Closing> connections();

        /** The running sessions whose right has ended. */
        Map<SessionId, Ending> sessions();
    }

    EndedRights(Look look) {
        this.look = look;
    }

    /**
     * One round. The connections are looked at before the sessions: whatever ended a connection's right is seen by the sessions too.
     *
     * @throws StreamException when some of it or of the round before failed, after the rest was done; it is tried again by the next
     */
    void round() {
        List<Runnable> steps = new ArrayList<>();
        look.connections().forEach(closing -> steps.add(() -> close(closing)));
        steps.addFirst(() -> look.sessions().forEach(this::begin));
        Housekeeping.runAll(steps);
        RuntimeException failed = failures.poll();
        failures.clear();
        if (failed != null) {
            throw failed;
        }
    }

    private void begin(SessionId session, Ending ending) {
        if (underWay.containsKey(session)) {
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        underWay.put(session, new UnderWay(ending.parties(), done));
        ends.execute(() -> {
            try {
                kept(ending.end());
            } finally { // Whatever became of it: the next round may begin it again.
                underWay.remove(session);
                done.complete(null);
            }
        });
    }

    private void close(Closing closing) {
        CompletableFuture<?>[] own = underWay.values().stream()
                .filter(each -> each.parties().contains(closing.party()))
                .map(UnderWay::done)
                .toArray(CompletableFuture[]::new);
        if (own.length == 0) {
            closing.close().run();
        } else {
            var unused = CompletableFuture.allOf(own)
                    .completeOnTimeout(null, GRACE.toNanos(), TimeUnit.NANOSECONDS)
                    .thenRunAsync(() -> kept(closing.close()), Thread::startVirtualThread);
        }
    }

    private void kept(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }

    @Override
    public void close() {
        ends.shutdownNow();
    }
}
