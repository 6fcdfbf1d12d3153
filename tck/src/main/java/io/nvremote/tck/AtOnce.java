// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Several threads that begin the same moment. */
final class AtOnce {

    /** Who opens a process for each stream does it once, others a few times. */
    private static final long LONG_NANOS = 500_000_000;

    private static final int ROUNDS = LongRun.times(3, 50);

    private AtOnce() {}

    /** What each came to, in their order; what one of them throws is thrown here. */
    static <T> List<T> all(List<Callable<T>> calls) {
        CyclicBarrier together = new CyclicBarrier(calls.size());
        List<CompletableFuture<T>> results = new ArrayList<>();
        for (Callable<T> call : calls) {
            CompletableFuture<T> result = new CompletableFuture<>();
            results.add(result);
            Thread.ofPlatform().start(() -> {
                try {
                    together.await(30, TimeUnit.SECONDS);
                    result.complete(call.call());
                } catch (Throwable e) {
                    result.completeExceptionally(e);
                }
            });
        }
        List<T> values = new ArrayList<>();
        for (CompletableFuture<T> result : results) {
            values.add(value(result));
        }
        return values;
    }

    private static <T> T value(CompletableFuture<T> result) {
        try {
            return result.get(120, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("one of several threads failed: " + e.getCause(), e.getCause());
        } catch (Exception e) {
            throw new AssertionError("one of several threads did not end", e);
        }
    }

    /** Once, and again for as long as it is quick. */
    static void rounds(Runnable round) {
        long begin = System.nanoTime();
        for (int i = 0; i < ROUNDS && (i == 0 || ROUNDS > 10 || System.nanoTime() - begin < LONG_NANOS); i++) {
            round.run();
        }
    }
}
