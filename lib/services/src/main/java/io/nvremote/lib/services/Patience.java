// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.services;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How long somebody else's code is waited for, counted in pieces: when the whole process stands still, only the piece in which it does
 * goes by, however long. Nobody hangs for that. For one thread.
 */
public final class Patience {

    private static final int PIECES = 25;

    private final Duration limit;
    private int left = PIECES;

    public Patience(Duration limit) {
        this.limit = limit;
    }

    /**
     * Waits for the result; after an interrupt what is left is waited for by the next call.
     *
     * @throws TimeoutException when nothing is left
     */
    public <T> T await(Future<T> result) throws InterruptedException, ExecutionException, TimeoutException {
        while (true) {
            try {
                return result.get(limit.toNanos() / PIECES, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (--left <= 0) {
                    throw e;
                }
            }
        }
    }
}
