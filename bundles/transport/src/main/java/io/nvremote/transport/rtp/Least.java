// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

/** The least value of the last one to two spans of time. One thread at a time. */
final class Least {

    private final long span;
    private double before = Double.MAX_VALUE;
    private double current = Double.MAX_VALUE;
    private long began = Long.MIN_VALUE / 2;

    Least(long spanNanos) {
        span = spanNanos;
    }

    void add(double value, long now) {
        turn(now);
        current = Math.min(current, value);
    }

    double value(long now, double ifNone) {
        turn(now);
        double least = Math.min(before, current);
        return least == Double.MAX_VALUE ? ifNone : least;
    }

    private void turn(long now) {
        if (now - began > span) {
            before = now - began > 2 * span ? Double.MAX_VALUE : current;
            current = Double.MAX_VALUE;
            began = now;
        }
    }
}
