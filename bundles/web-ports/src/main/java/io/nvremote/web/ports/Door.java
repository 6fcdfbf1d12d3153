// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import io.nvremote.runtime.Front;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.servlet.whiteboard.Preprocessor;

/**
 * Every request of every port passes it first. While it is held requests wait here, on their virtual threads, and none of them is answered
 * by a part that is being exchanged. Sockets that were opened before are not touched. Safe for any thread.
 */
@Component(service = {Front.class, Preprocessor.class})
public final class Door implements Front, Preprocessor {

    /** Who waits for longer is told to come back: no exchange takes longer than its 15 s for all to run again, and some for the rest. */
    private static final Duration WAIT = Duration.ofSeconds(20);
    /** What is still being answered then is answered in the middle of the exchange. */
    private static final Duration DRAIN = Duration.ofSeconds(3);

    private static final int MOST_WAITING = 1_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Duration wait;
    private int held; // these three are guarded by the lock
    private int inside;
    private int waiting;

    @Activate
    public Door() {
        this(WAIT);
    }

    Door(Duration wait) {
        this.wait = wait;
    }

    @Override
    public Hold hold() {
        lock.lock();
        try {
            held++;
            await(DRAIN, true);
        } finally {
            lock.unlock();
        }
        AtomicBoolean open = new AtomicBoolean();
        return () -> {
            if (open.compareAndSet(false, true)) {
                lock.lock();
                try {
                    held = Math.max(0, held - 1); // It may have gone meanwhile, and let everybody in.
                    changed.signalAll();
                } finally {
                    lock.unlock();
                }
            }
        };
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!enter()) {
            if (response instanceof HttpServletResponse http) {
                http.setHeader("Retry-After", "1");
                http.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            }
            return;
        }
        try {
            chain.doFilter(request, response);
        } finally {
            lock.lock();
            try {
                inside--;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean enter() {
        lock.lock();
        try {
            if (held > 0) {
                if (waiting >= MOST_WAITING) {
                    return false;
                }
                waiting++;
                try {
                    if (!await(wait, false)) {
                        return false;
                    }
                } finally {
                    waiting--;
                }
            }
            inside++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits, with the lock, until nobody is inside, or nobody holds the door. */
    private boolean await(Duration longest, boolean untilEmpty) {
        long left = longest.toNanos();
        while (untilEmpty ? inside > 0 : held > 0) {
            if (left <= 0) {
                return false;
            }
            try {
                left = changed.awaitNanos(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /** Lets everybody in who waits: what held the door can't open it any more. */
    @Deactivate
    void close() {
        lock.lock();
        try {
            held = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
