// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

/**
 * When a receiver asks for a key frame: while one is needed, after a loss or since somebody wishes for one, and none is on
 * its way; again and again, at most once in 100 ms. One thread at a time.
 */
final class KeyFrameRequests {

    /** Between two requests at least. */
    static final long LEAST_NANOS = 100_000_000;

    private static final long AGAIN_NANOS = 250_000_000;

    /** Nothing can be handed over before a key frame comes. */
    private boolean needed = true;
    /** Whoever watches needs a key frame, and none was queued since. */
    private boolean wished;

    private long due = Long.MAX_VALUE;
    private long asked = Long.MIN_VALUE / 2;

    /** A stream begins, with a key frame if nothing of it was missed. */
    void begin(long now) {
        needed = true;
        due = now + LEAST_NANOS;
    }

    /** A reference is lost. */
    void need(long now) {
        due = needed ? Math.min(due, now + AGAIN_NANOS) : now;
        needed = true;
    }

    /** Whoever watches needs one. */
    void wish(long now) {
        wished = true;
        due = now;
    }

    /** A unit was queued. */
    void queued(boolean key) {
        needed = false;
        wished &= !key;
        due = wished ? due : Long.MAX_VALUE;
    }

    /** Whether only a key frame can be handed over. */
    boolean needed() {
        return needed;
    }

    boolean wished() {
        return wished;
    }

    /** When {@link #take} says yes, if one is missing then. */
    long due() {
        return Math.max(due, asked + LEAST_NANOS);
    }

    /** Whether to ask now. */
    boolean take(long now) {
        boolean take = due - now <= 0 && now - asked >= LEAST_NANOS;
        if (take) {
            due = now + AGAIN_NANOS;
            asked = now;
        }
        return take;
    }
}
