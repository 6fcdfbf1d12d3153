// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.broker.Broker;
import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done every second: overdue sessions, gateways that came back, hosts that fell silent, rights that ended. */
final class Housekeeping implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final int REVIEW_EVERY = 4;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    private final Broker broker;
    private final Gateways gateways;
    private final SessionOrchestrator work;
    private final Presence presence;
    private final Duration hostSilence;
    private final Clock clock = Clock.system();
    private final Thread thread =
            Thread.ofVirtual().name("control-housekeeping").unstarted(this::run);
    private volatile boolean running = true;
    private boolean troubled;

    Housekeeping(Broker broker, Gateways gateways, SessionOrchestrator work, Presence presence, Duration hostSilence) {
        this.broker = broker;
        this.gateways = gateways;
        this.work = work;
        this.presence = presence;
        this.hostSilence = hostSilence;
    }

    void start() {
        thread.start();
    }

    private void run() {
        for (int round = 0; running; round++) {
            int number = round;
            boolean agreed = tried("gateways", gateways::agree);
            boolean swept =
                    tried("overdue sessions", () -> broker.expireOverdue().forEach(work::ended));
            boolean reviewed = number % REVIEW_EVERY != 0 || tried("presence", () -> presence.review(hostSilence));
            if (agreed && swept && reviewed && troubled) {
                LOG.atInfo().log("housekeeping works again");
                troubled = false;
            }
            clock.sleep(ROUND);
        }
    }

    /** A failure is logged once, not every second; the next round tries again. */
    private boolean tried(String what, Runnable step) {
        try {
            step.run();
            return true;
        } catch (StreamException e) {
            if (running && !troubled) {
                LOG.atWarn()
                        .addKeyValue(Keys.REASON, what)
                        .addKeyValue(Keys.CODE, e.code().name())
                        .log("housekeeping is held up");
                troubled = true;
            }
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue(Keys.REASON, what).setCause(e).log("housekeeping failed");
        }
        return false;
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
