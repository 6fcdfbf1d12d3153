// SPDX-License-Identifier: Apache-2.0
package io.nvremote.path.probing;

import io.nvremote.path.PathOutput;
import io.nvremote.relay.StunMessage;
import io.nvremote.relay.StunTransaction;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** One direct way to the peer and what its probes tell. Sans-IO; guarded by its owner. */
final class Candidate {

    /** How long a candidate is probed before it is given up. */
    static final long WINDOW = TimeUnit.SECONDS.toNanos(3);
    /** A way without an answer for this long is silent. */
    static final long SILENCE = TimeUnit.SECONDS.toNanos(3);

    private static final long PROBE_EVERY = TimeUnit.MILLISECONDS.toNanos(200);

    private final InetSocketAddress endpoint;
    private final PendingTransactions questions = new PendingTransactions();
    private final PathSize size;
    private boolean live;
    private long windowFrom;
    private long askAt;
    private long answeredAt;
    private boolean answered;
    private long rtt;

    Candidate(InetSocketAddress endpoint, long now) {
        this.endpoint = endpoint;
        this.size = new PathSize(endpoint.getAddress());
        probe(now);
    }

    InetSocketAddress endpoint() {
        return endpoint;
    }

    /** Opens the window (again). */
    void probe(long now) {
        windowFrom = now;
        askAt = now;
    }

    /** Whether its window is open. */
    boolean probing(long now) {
        return now - windowFrom < WINDOW;
    }

    /** Asks if it is time. {@code live} keeps it asked after the window, and what it carries is searched for. */
    void tick(boolean live, ProbeKeys keys, PathOutput wire, long now) {
        if (this.live != live) {
            this.live = live;
            size.begin(now);
        }
        boolean probing = probing(now);
        if (now - askAt >= 0 && (live || probing)) {
            ask(probing ? PathSize.BASE : size.confirm(now), keys, wire, now);
            askAt = now + (probing ? PROBE_EVERY : size.confirmAgain());
        }
        int longer = live && !probing ? size.probe(now) : 0;
        if (longer > 0) {
            ask(longer, keys, wire, now);
        }
    }

    private void ask(int length, ProbeKeys keys, PathOutput wire, long now) {
        byte[] request = StunMessage.bindingRequest(questions.ask(now), keys.username(), keys.mine(), length);
        if (length > PathSize.BASE) {
            wire.sendWhole(request, length, endpoint);
        } else {
            wire.send(request, length, endpoint);
        }
    }

    /** Whether this id was asked here. */
    boolean asked(StunTransaction transaction) {
        return questions.open(transaction);
    }

    /** An authentic answer came from the endpoint. */
    void answer(StunTransaction transaction, int length, long now) {
        long sample = questions.answered(transaction, now);
        rtt = answered ? rtt + (sample - rtt) / 8 : sample; // smoothed as RFC 6298 does
        answered = true;
        answeredAt = now;
        if (live) {
            size.answered(length, now);
        }
    }

    /** The longest datagram that it is known to carry, there and back. */
    int carried() {
        return size.carried();
    }

    /** Whether probes are answered. */
    boolean usable(long now) {
        return answered && now - answeredAt < SILENCE;
    }

    /** Smoothed round trip in nanoseconds; of use while {@link #usable}. */
    long rtt() {
        return rtt;
    }
}
