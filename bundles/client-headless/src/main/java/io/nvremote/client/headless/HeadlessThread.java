// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;

/** Runs the check on a thread of its own and stops the whole runtime after it. */
final class HeadlessThread implements AutoCloseable {

    private final Thread thread;

    HeadlessThread(HeadlessRun run, BundleContext context) {
        thread = Thread.ofPlatform().name("client-headless").daemon().unstarted(() -> {
            run.run();
            stop(context);
        });
    }

    void start() {
        thread.start();
    }

    private static void stop(BundleContext context) {
        try {
            context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).stop();
        } catch (BundleException e) {
            throw new StreamException(CoreError.INTERNAL, "the runtime can't be stopped", e);
        }
    }

    @Override
    public void close() {
        if (Thread.currentThread() != thread) {
            thread.interrupt();
        }
    }
}
