// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does something again and again on a virtual thread of its own, so that what hangs holds up nothing else. */
final class PeriodicTask implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    private final String name;
    private final Duration pause;
    private final Runnable step;
    private final Clock clock = Clock.system();
    private final Thread thread;
    private volatile boolean running = true;
    private boolean worked;
    private boolean troubled;

    PeriodicTask(String name, Duration pause, Runnable step) {
        this.name = name;
        this.pause = pause;
        this.step = step;
        this.thread = Thread.ofVirtual().name("control-" + name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (running) {
            once();
            clock.sleep(pause);
        }
    }

    /** A failure is logged once, not every second; the next round tries again. */
    private void once() {
        try {
            step.run();
            worked = true;
            if (troubled) {
                LOG.atInfo().addKeyValue("task", name).log("housekeeping works again");
                troubled = false;
            }
        } catch (StreamException e) {
            // While the control plane starts, its readiness says what is missing.
            if (running && worked && !troubled) {
                LOG.atWarn()
                        .addKeyValue("task", name)
                        .addKeyValue(Keys.CODE, e.code().name())
                        .log("housekeeping is held up");
            }
            troubled = worked;
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("task", name).setCause(e).log("housekeeping failed");
        }
    }

    @Override
    public void close() {
        running = false;
        thread.interrupt();
        try {
            thread.join(STOP_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
