// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.core.Keys;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The quick way of bursts out of one socket, for as long as there is one. It is opened on a thread of its own when the
 * first burst comes, which need not wait for it, and given up for good at the first sign that it can't work here.
 *
 * <p><b>Threads.</b> Safe for any: one lock, which {@link #close} takes too, so that nothing is sent on a descriptor
 * that may already be somebody else's. A send does not wait in the kernel, so neither does who closes.
 */
final class SegmentedSender implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentedSender.class);

    private enum State {
        UNUSED,
        OPENING,
        OPEN,
        SPENT
    }

    private final Segmentation.Opener opener;
    private final int port;
    private State state = State.UNUSED;
    private @Nullable Segmentation segmentation;
    private long datagrams;

    SegmentedSender(Segmentation.Opener opener, int port) {
        this.opener = opener;
        this.port = port;
    }

    /** Sends so many datagrams of a burst, which must be a {@link SendBatch#run}; false if none of them left. */
    synchronized boolean send(SendBatch burst, int first, int run, InetSocketAddress to) {
        Segmentation way = segmentation;
        if (way == null) {
            if (state == State.UNUSED) {
                state = State.OPENING;
                Thread.ofVirtual().name("tunnel-bursts").start(this::open);
            }
            return false;
        }
        int from = burst.at(first);
        return switch (way.send(burst.bytes(), from, burst.at(first + run) - from, burst.length(first), to)) {
            case SENT -> {
                datagrams += run;
                yield true;
            }
            case REFUSED -> false;
            case UNABLE -> {
                giveUp(way.reason());
                yield false;
            }
        };
    }

    private void open() {
        Segmentation opened = null;
        String reason = "";
        try {
            opened = opener.open(port); // not under the lock: datagrams go one by one meanwhile
        } catch (IOException | RuntimeException e) {
            reason = String.valueOf(e.getMessage());
        }
        synchronized (this) {
            if (state == State.SPENT) { // closed in the meantime
                if (opened != null) {
                    opened.close();
                }
            } else if (opened == null) {
                giveUp(reason);
            } else {
                segmentation = opened;
                state = State.OPEN;
            }
        }
    }

    private void giveUp(String reason) {
        LOG.atInfo().addKeyValue(Keys.REASON, reason).log("datagrams of this tunnel leave one by one");
        close();
    }

    /** Whether the next burst will be handed over at once. */
    synchronized boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether it was given up or closed. */
    synchronized boolean isSpent() {
        return state == State.SPENT;
    }

    /** The socket's port. */
    int port() {
        return port;
    }

    /** Datagrams that went this way. */
    synchronized long datagrams() {
        return datagrams;
    }

    /** Idempotent. */
    @Override
    public synchronized void close() {
        state = State.SPENT;
        Segmentation way = segmentation;
        segmentation = null;
        if (way != null) {
            way.close();
        }
    }
}
