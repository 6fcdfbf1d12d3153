// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.core.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread that calls a task whenever its time has come. The task says when that is; {@link #wakeBy} moves it forward.
 * Everything that a protocol does by itself happens here.
 */
final class TimerThread implements AutoCloseable {

    private static final Duration STOP_TIME = Duration.ofSeconds(2);
    /** A clock that is asked again at least so often, whatever the task said. */
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What to do at {@code now}; returns when to do it next. Must not throw. */
    @FunctionalInterface
    interface Task {
        long run(long now);
    }

    private final Clock clock;
    private final Task task;
    private final Thread thread;
    private volatile long due;
    private volatile boolean closed;

    /** Makes the thread; {@link #start} starts it, so that the task's owner is complete before. */
    TimerThread(Thread.Builder builder, Clock clock, Task task) {
        this.clock = clock;
        this.task = task;
        due = clock.nanos();
        thread = builder.unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    private void loop() {
        while (!closed) {
            long now = clock.nanos();
            if (due - now > 0) {
                LockSupport.parkNanos(Math.min(due - now, LONGEST_NANOS));
                continue;
            }
            due = now + LONGEST_NANOS;
            wakeBy(task.run(now));
        }
    }

    /** The task has something to do at that time already. Safe for any thread. */
    void wakeBy(long nanos) {
        boolean earlier;
        synchronized (task) {
            earlier = nanos != Long.MAX_VALUE && nanos - due < 0;
            if (earlier) {
                due = nanos;
            }
        }
        if (earlier && Thread.currentThread() != thread) {
            LockSupport.unpark(thread);
        }
    }

    /** Stops and waits for the task to end, unless the task itself calls. Idempotent. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        if (Thread.currentThread() != thread) {
            try {
                thread.join(STOP_TIME);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
