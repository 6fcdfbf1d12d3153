// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** The one thread that a driver's handle is bound to, for whoever calls. Safe for any thread. */
final class DriverThread implements AutoCloseable {

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("nvfbc").factory());

    /** What {@code work} returns or throws, when it has run there. */
    <T> T call(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, thread).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException own) {
                throw own;
            }
            throw e;
        }
    }

    /** Runs no further work; what runs is let end. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
