// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.services;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls into code that may be a plugin's, each on a thread that is not the caller's. One that does not return in time is abandoned:
 * its thread stays with it, uninterrupted, since an interrupt would close whatever channel of others it just writes to.
 *
 * <p><b>Threads.</b> Safe for any; a call may lead to another.
 */
public final class PluginCalls {

    private static final long IDLE_SECONDS = 5;

    private final Duration limit;
    private final ExecutorService threads;

    /**
     * @param name of the threads
     * @param limit how long a call may take
     */
    public PluginCalls(String name, Duration limit) {
        this.limit = limit;
        threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    }

    /**
     * Makes the call and waits for it, whether interrupted or not.
     *
     * @throws PluginFault for whatever it throws, and when it does not return in time
     */
    public <T> T make(PluginFault.Call<T> call) {
        FutureTask<T> task = new FutureTask<>(() -> PluginFault.guard(call));
        threads.execute(task);
        Patience patience = new Patience(limit);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return patience.await(task);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (TimeoutException e) {
                    throw PluginFault.of("did not return within " + limit);
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof PluginFault fault ? fault : PluginFault.of(String.valueOf(e));
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
