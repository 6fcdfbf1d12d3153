// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.client;

/** When to ask whether the peer is there, and when to give it up. Sans-IO, not safe for threads. */
final class Liveness {

    /** What is due. */
    enum Due {
        NOTHING,
        PING,
        DEAD
    }

    private final LinkPace pace;
    private long heardNanos;
    private long pingedNanos;

    Liveness(LinkPace pace, long nowNanos) {
        this.pace = pace;
        this.heardNanos = nowNanos;
        this.pingedNanos = nowNanos;
    }

    void heard(long nowNanos) {
        heardNanos = nowNanos;
    }

    Due due(long nowNanos) {
        if (nowNanos - heardNanos >= pace.silence().toNanos()) {
            return Due.DEAD;
        }
        if (nowNanos - pingedNanos >= pace.ping().toNanos()) {
            pingedNanos = nowNanos;
            return Due.PING;
        }
        return Due.NOTHING;
    }

    /** Nanoseconds until {@link #due} has something to say. */
    long untilNanos(long nowNanos) {
        long ping = pace.ping().toNanos() - (nowNanos - pingedNanos);
        long silence = pace.silence().toNanos() - (nowNanos - heardNanos);
        return Math.max(0, Math.min(ping, silence));
    }
}
