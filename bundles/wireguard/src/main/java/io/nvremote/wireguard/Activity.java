// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

/**
 * When datagrams last went and came: what keepalives and the suspicion of silence are decided by (whitepaper section 6.5).
 * Written on the data path without a lock; a reader may be one datagram late, which the timers do not mind.
 */
final class Activity {

    private static final long NEVER = Long.MIN_VALUE;
    /** Longer than any round trip that is of use here. */
    private static final long UNANSWERED = Protocol.seconds(1);

    private volatile long lastSent;
    private volatile long awaitingSince = NEVER;
    private volatile long owedSince = NEVER;

    Activity(long now) {
        lastSent = now;
    }

    /** An authenticated datagram went; {@code data} unless it was a keepalive. */
    void sent(boolean data, long now) {
        lastSent = now;
        owedSince = NEVER;
        if (data && awaitingSince == NEVER) {
            awaitingSince = now;
        }
    }

    /** An authentic datagram came; {@code data} unless it was a keepalive. */
    void received(boolean data, long now) {
        awaitingSince = NEVER;
        if (data && owedSince == NEVER) {
            owedSince = now;
        }
    }

    /** Whether the peer has waited long enough for a sign, or the way to it needs one. */
    boolean keepaliveDue(long now) {
        long owed = owedSince;
        return (owed != NEVER && now - owed >= Protocol.KEEPALIVE_TIMEOUT)
                || now - lastSent >= Protocol.PERSISTENT_KEEPALIVE;
    }

    /** Whether data went and nothing has come back for so long that the session is in doubt. */
    boolean doubtful(long now) {
        long awaiting = awaitingSince;
        return awaiting != NEVER && now - awaiting >= Protocol.KEEPALIVE_TIMEOUT + Protocol.REKEY_TIMEOUT;
    }

    /** Whether data went and nothing has come back for longer than a round trip. */
    boolean unanswered(long now) {
        long awaiting = awaitingSince;
        return awaiting != NEVER && now - awaiting >= UNANSWERED;
    }

    /** A handshake was begun because of the doubt. */
    void handshakeBegun() {
        awaitingSince = NEVER;
    }
}
