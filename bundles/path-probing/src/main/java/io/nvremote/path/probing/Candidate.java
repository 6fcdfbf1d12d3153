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
    private static final long HEARTBEAT_EVERY = TimeUnit.MILLISECONDS.toNanos(500);

    private final InetSocketAddress endpoint;
    private final PendingTransactions questions = new PendingTransactions();
    private long windowFrom;
    private long askAt;
    private long answeredAt;
    private boolean answered;
    private long rtt;

    Candidate(InetSocketAddress endpoint, long now) {
        this.endpoint = endpoint;
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

    /** Asks if it is time. {@code live} keeps it asked after the window. */
    void tick(boolean live, ProbeKeys keys, PathOutput wire, long now) {
        if (now - askAt >= 0 && (live || probing(now))) {
            byte[] request = StunMessage.bindingRequest(
                    questions.ask(now), keys.username(), keys.mine(), StunMessage.MAX_LENGTH);
            wire.send(request, request.length, endpoint);
            askAt = now + (probing(now) ? PROBE_EVERY : HEARTBEAT_EVERY);
        }
    }

    /** Whether this id was asked here. */
    boolean asked(StunTransaction transaction) {
        return questions.open(transaction);
    }

    /** An authentic answer came from the endpoint. */
    void answer(StunTransaction transaction, long now) {
        long sample = questions.answered(transaction, now);
        rtt = answered ? rtt + (sample - rtt) / 8 : sample; // smoothed as RFC 6298 does
        answered = true;
        answeredAt = now;
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
