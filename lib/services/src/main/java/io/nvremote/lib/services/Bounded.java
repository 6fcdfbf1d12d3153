// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.services;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;

/**
 * Somebody else's code, which may never return: runs on a thread of its own and is waited for no longer than a limit. A thread that is
 * given up is interrupted once and left.
 */
public final class Bounded {

    private Bounded() {}

    /** The code did not return in time. */
    public static final class Overdue extends Exception {
        private static final long serialVersionUID = 1L;

        Overdue(String what, Duration limit) {
            super(what + " did not return within " + limit);
        }
    }

    /**
     * Runs it.
     *
     * @throws ExecutionException with whatever it threw
     * @throws Overdue if it has not returned when the limit is over, or this thread is interrupted
     */
    public static <T> T call(String what, Duration limit, Callable<T> code) throws Overdue, ExecutionException {
        FutureTask<T> task = new FutureTask<>(code);
        Thread.ofPlatform().daemon().name(what).start(task);
        try {
            return new Patience(limit).await(task);
        } catch (TimeoutException e) {
            task.cancel(true);
            throw new Overdue(what, limit);
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new Overdue(what, limit);
        }
    }
}
