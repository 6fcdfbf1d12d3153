// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.tasks;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something again and again on a virtual thread of its own until closed, so that what hangs holds up nothing else. A turn
 * that fails is followed by the next; of failures that last the log tells once, and once that they are over. Safe for any thread.
 */
public final class PeriodicTask implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    private final String name;
    private final Runnable work;
    private final Thread thread;
    private volatile boolean closed;
    private boolean worked;
    private boolean troubled;

    private PeriodicTask(Duration first, Duration pause, String name, Runnable work) {
        this.name = name;
        this.work = work;
        this.thread = Thread.ofVirtual().name(name).unstarted(() -> run(first, pause));
    }

    /** Begins with a pause, so that whoever makes it can get ready. */
    public static PeriodicTask every(Duration pause, String name, Runnable work) {
        return started(new PeriodicTask(pause, pause, name, work));
    }

    /** Begins with a turn. */
    public static PeriodicTask atOnce(Duration pause, String name, Runnable work) {
        return started(new PeriodicTask(Duration.ZERO, pause, name, work));
    }

    private static PeriodicTask started(PeriodicTask task) {
        task.thread.start();
        return task;
    }

    private void run(Duration first, Duration pause) {
        Clock.system().sleep(first);
        while (!closed) {
            turn();
            Clock.system().sleep(pause);
        }
    }

    private void turn() {
        try {
            work.run();
            worked = true;
            if (troubled) {
                LOG.atInfo().addKeyValue("task", name).log("a periodic task works again");
                troubled = false;
            }
        } catch (StreamException e) {
            // While a runtime starts, its readiness says what is missing.
            if (!closed && worked && !troubled) {
                LOG.atWarn()
                        .addKeyValue("task", name)
                        .addKeyValue(Keys.CODE, e.code().name())
                        .addKeyValue(Keys.REASON, e.getMessage())
                        .log("a periodic task is held up");
            }
            troubled = worked;
        } catch (RuntimeException e) {
            if (!closed && !troubled) {
                LOG.atError().addKeyValue("task", name).setCause(e).log("a periodic task failed");
            }
            troubled = true;
        }
    }

    /** Waits for a turn that runs, for two seconds at most; not when the turn itself closes its task. */
    @Override
    public void close() {
        closed = true;
        if (Thread.currentThread() == thread) {
            return;
        }
        thread.interrupt();
        try {
            thread.join(STOP_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
