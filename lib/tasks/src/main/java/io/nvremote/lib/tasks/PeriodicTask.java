// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.tasks;

import io.nvremote.core.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does something again and again on a virtual thread until closed; a failure is logged and the next turn tried. */
public final class PeriodicTask implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);

    private final Thread thread;

    private PeriodicTask(Thread thread) {
        this.thread = thread;
    }

    public static PeriodicTask every(Duration pause, String name, Runnable work) {
        return new PeriodicTask(Thread.ofVirtual().name(name).start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                Clock.system().sleep(pause);
                try {
                    work.run();
                } catch (RuntimeException e) {
                    LOG.atWarn().setCause(e).addKeyValue("task", name).log("a periodic task failed");
                }
            }
        }));
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
