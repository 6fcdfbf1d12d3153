// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What leaves one socket: in order, bounded, by one virtual thread at a time. Safe for any thread. */
final class Outgoing {

    static final Duration SEND_LIMIT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Outgoing.class);

    private final String name;
    private final WebSocketPort wire;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    /** Something left, or nothing will any more. */
    private final Condition left = lock.newCondition();

    private final Outbox outbox = new Outbox();
    private boolean draining;
    private boolean gone;
    private @Nullable Long closingSinceNanos;

    Outgoing(String name, WebSocketPort wire, Clock clock) {
        this.name = name;
        this.wire = wire;
        this.clock = clock;
    }

    void post(Outbox.Parcel parcel) {
        boolean fits;
        boolean begin = false;
        lock.lock();
        try {
            fits = outbox.offer(parcel);
            if (parcel instanceof Outbox.Parcel.Close && closingSinceNanos == null) {
                closingSinceNanos = clock.nanos();
                left.signalAll();
            }
            if (fits && !draining && !outbox.isEmpty()) {
                draining = true;
                begin = true;
            }
        } finally {
            lock.unlock();
        }
        if (!fits) {
            LOG.atWarn().addKeyValue(Keys.PEER, name).log("socket does not keep up");
            wire.cut();
        } else if (begin) {
            Thread.ofVirtual().name("signal-out-" + name).start(this::drain);
        }
    }

    /** The socket is gone. */
    void clear() {
        lock.lock();
        try {
            gone = true;
            outbox.clear();
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean closing() {
        lock.lock();
        try {
            return closingSinceNanos != null;
        } finally {
            lock.unlock();
        }
    }

    /** How long ago a close was posted; zero without one. */
    Duration closingFor(long nowNanos) {
        lock.lock();
        try {
            Long since = closingSinceNanos;
            return since == null ? Duration.ZERO : Duration.ofNanos(nowNanos - since);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until little enough waits; false if that takes longer or nothing leaves any more. */
    boolean drained(Duration limit) {
        lock.lock();
        try {
            long nanos = limit.toNanos();
            while (!outbox.roomy() && !gone && closingSinceNanos == null && nanos > 0) {
                nanos = left.awaitNanos(nanos);
            }
            return outbox.roomy() && !gone && closingSinceNanos == null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void drain() {
        try {
            for (Outbox.Parcel parcel = take(); parcel != null; parcel = take()) {
                boolean sent =
                        switch (parcel) {
                            case Outbox.Parcel.Text text -> wire.send(text.text(), SEND_LIMIT);
                            case Outbox.Parcel.Ping ping -> wire.ping(SEND_LIMIT);
                            case Outbox.Parcel.Close close -> {
                                wire.close(close.code(), close.reason());
                                yield true;
                            }
                        };
                if (!sent) {
                    wire.cut();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            wire.cut();
        }
    }

    private Outbox.@Nullable Parcel take() {
        lock.lock();
        try {
            Outbox.Parcel parcel = outbox.poll();
            draining = parcel != null;
            left.signalAll();
            return parcel;
        } finally {
            lock.unlock();
        }
    }
}
