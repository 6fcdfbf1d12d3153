// SPDX-License-Identifier: Apache-2.0
package io.nvremote.path.probing;

import io.nvremote.path.PathOutput;
import io.nvremote.relay.StunMessage;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes this side's address known to the relay by a ticketed STUN binding request from the tunnel's own socket, and keeps
 * it known. Sans-IO; guarded by its owner.
 */
final class RelayBinder {

    static final long KEEPALIVE = TimeUnit.SECONDS.toNanos(15);

    private static final long FIRST_RETRY = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long MAX_RETRY = TimeUnit.SECONDS.toNanos(5);
    /** One keepalive and its repetitions unanswered: the relay is gone or has forgotten us. */
    private static final long LOST = TimeUnit.SECONDS.toNanos(25);

    /** Requests out of doubt are this far apart. */
    private static final long DOUBT = TimeUnit.SECONDS.toNanos(2);

    private final PathSetup setup;
    private final PathOutput wire;
    private final PendingTransactions questions = new PendingTransactions();
    private long sentAt;
    private long sendAt;
    private long retry = FIRST_RETRY;
    private long boundAt;
    private volatile boolean everBound;
    private volatile boolean bound;
    private @Nullable InetSocketAddress reflexive;

    RelayBinder(PathSetup setup, PathOutput wire, long now) {
        this.setup = setup;
        this.wire = wire;
        this.sentAt = now;
        this.sendAt = now;
    }

    void tick(long now) {
        if (bound && now - boundAt >= LOST) {
            bound = false;
        }
        if (now - sendAt >= 0) {
            byte[] request = StunMessage.bindingRequest(questions.ask(now), setup.relayUser(), setup.ticket());
            wire.send(request, request.length, setup.relay());
            sentAt = now;
            sendAt = now + retry;
            retry = Math.min(2 * retry, MAX_RETRY);
        }
    }

    /** The relay may have forgotten this side: asks before the keepalive is due. */
    void doubt(long now) {
        if (bound && sendAt - now > 0 && now - sentAt >= DOUBT) {
            sendAt = now;
        }
    }

    /** Takes an answer from the relay's address; true if it is authentic. */
    boolean answer(StunMessage answer, long now) {
        if (!questions.open(answer.transaction()) || !answer.verify(setup.ticket())) {
            return false;
        }
        questions.answered(answer.transaction(), now);
        answer.mappedAddress().ifPresent(mapped -> reflexive = mapped);
        boundAt = now;
        sendAt = now + KEEPALIVE;
        retry = FIRST_RETRY;
        everBound = true;
        bound = true;
        return true;
    }

    /** Whether the relay answers. Safe for any thread. */
    boolean bound() {
        return bound;
    }

    /** Whether it ever did: if not, it may be a plain WireGuard peer. Safe for any thread. */
    boolean everBound() {
        return everBound;
    }

    /** This socket's address as the relay sees it. */
    @Nullable
    InetSocketAddress reflexive() {
        return reflexive;
    }
}
