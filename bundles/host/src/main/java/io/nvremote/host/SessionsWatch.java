// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Supplier;

/** Looks after sessions whose parts hang, from a thread of its own that nothing of theirs can hold up. */
final class SessionsWatch implements AutoCloseable {

    private static final Duration EVERY = Duration.ofMillis(500);
    /** A watch that is so late has not been running. */
    private static final Duration STALL = Duration.ofMillis(1500);

    private final Supplier<Collection<StreamSession>> sessions;
    private final Clock clock = Clock.system();
    private final Thread thread = Thread.ofVirtual().name("host-watch").unstarted(this::run);

    SessionsWatch(Supplier<Collection<StreamSession>> sessions) {
        this.sessions = sessions;
    }

    void start() {
        thread.start();
    }

    private void run() {
        long last = clock.nanos();
        while (!Thread.currentThread().isInterrupted()) {
            clock.sleep(EVERY);
            long now = clock.nanos();
            if (now - last < STALL.toNanos()) { // Else the whole process stood still, and nobody hangs for that.
                sessions.get().forEach(session -> session.watch(now));
            }
            last = now;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
