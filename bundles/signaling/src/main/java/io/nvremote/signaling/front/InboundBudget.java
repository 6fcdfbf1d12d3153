// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

/**
 * How much one peer may say: a burst, then so many messages a second. Who says more is read more slowly; nothing is lost. Sans-IO;
 * its connection's lock guards it.
 */
final class InboundBudget {

    private static final double NANOS_A_SECOND = 1e9;

    private final int burst;
    private final int perSecond;
    private double tokens;
    private long atNanos;

    InboundBudget(int burst, int perSecond, long nowNanos) {
        this.burst = burst;
        this.perSecond = perSecond;
        this.tokens = burst;
        this.atNanos = nowNanos;
    }

    /** One message came; whether the next may follow at once. */
    boolean take(long nowNanos) {
        refill(nowNanos);
        tokens--;
        return tokens >= 1;
    }

    /** Whether the next may follow by now. */
    boolean refilled(long nowNanos) {
        refill(nowNanos);
        return tokens >= 1;
    }

    private void refill(long nowNanos) {
        tokens = Math.min(burst, tokens + (nowNanos - atNanos) / NANOS_A_SECOND * perSecond);
        atNanos = nowNanos;
    }
}
