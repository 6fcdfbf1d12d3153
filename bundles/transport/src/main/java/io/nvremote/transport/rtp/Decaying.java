// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

/** A sum whose parts fade: after a span a part counts for a third. One thread at a time. */
final class Decaying {

    private final double span;
    private double sum;
    private long at;

    Decaying(long spanNanos) {
        span = spanNanos;
    }

    void add(double part, long now) {
        sum = value(now) + part;
        at = now;
    }

    double value(long now) {
        return sum == 0 ? 0 : sum * Math.exp(-(now - at) / span);
    }

    void clear() {
        sum = 0;
    }
}
