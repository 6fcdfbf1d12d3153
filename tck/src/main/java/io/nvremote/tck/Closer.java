// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import io.nvremote.core.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A thread that closes something which is to wait for what is being done. */
final class Closer {

    private static final Duration LOOK = Duration.ofMillis(5);
    /** So many looks in a row at a thread that waits. */
    private static final int SETTLED = 10;

    private static final int MOST_LOOKS = 2000;

    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final Thread thread;

    private Closer(Runnable close) {
        thread = Thread.ofPlatform().name("closer").start(() -> {
            close.run();
            done.complete(null);
        });
    }

    static Closer start(Runnable close) {
        return new Closer(close);
    }

    /**
     * Whether it waits still: until it has returned, or is seen to wait. On a machine under load it may take any time until it has begun; one that
     * waits at work is believed after ten seconds.
     */
    boolean waits() {
        int waiting = 0;
        for (int i = 0; i < MOST_LOOKS && waiting < SETTLED && !done.isDone(); i++) {
            Clock.system().sleep(LOOK);
            waiting = thread.getState() == Thread.State.RUNNABLE || thread.getState() == Thread.State.NEW
                    ? 0
                    : waiting + 1;
        }
        return !done.isDone();
    }

    /** It has returned. */
    void join() throws ExecutionException, InterruptedException, TimeoutException {
        done.get(10, TimeUnit.SECONDS);
    }
}
