// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

/**
 * When the next packet may leave: a token bucket that fills at one and a quarter times the path's rate. After a rest a few
 * packets leave at once, as many as the path carries in {@link #HEAD_NANOS}; a timer that fires late makes up for what it
 * missed, up to {@link #LATE_NANOS}. New packets and repairs share it. One thread at a time.
 */
final class Pacer {

    /** Packets that are due within it leave together. */
    static final long STEP_NANOS = 500_000;

    /** A burst is so much faster than the path's rate: below 1.5, and enough to show that the path carries more. */
    static final double FACTOR = 1.25;

    private static final long HEAD_NANOS = 2_500_000;
    private static final long LATE_NANOS = 10_000_000;
    private static final int HEAD_PACKETS = 3;
    private static final int MOST_HEAD_PACKETS = 16;

    private final int packetBytes;
    private double bytesPerNano;
    private double head;
    private double tokens;
    private long filled;
    private boolean busy;

    Pacer(int packetBytes, long bitsPerSecond, long now) {
        this.packetBytes = packetBytes;
        filled = now;
        set(bitsPerSecond);
        tokens = head;
    }

    /** The path carries so much from now on. */
    void rate(long bitsPerSecond, long now) {
        fill(now);
        set(bitsPerSecond);
    }

    private void set(long bitsPerSecond) {
        bytesPerNano = FACTOR * bitsPerSecond / 8e9;
        head = Math.clamp(
                bytesPerNano * HEAD_NANOS,
                (double) HEAD_PACKETS * packetBytes,
                (double) MOST_HEAD_PACKETS * packetBytes);
    }

    /** Whether a packet may leave now; asked while something waits. */
    boolean open(long now) {
        fill(now);
        busy = true;
        return tokens > 0;
    }

    /** Nothing waits any more. */
    void idle(long now) {
        fill(now);
        busy = false;
    }

    void left(int bytes) {
        tokens -= bytes;
    }

    /** When {@link #open} is true again. */
    long due(long now) {
        return now + Math.max(STEP_NANOS, (long) Math.ceil((1 - tokens) / bytesPerNano));
    }

    /** How long so many bytes take. */
    long nanosFor(long bytes) {
        return (long) (Math.max(0, bytes - tokens) / bytesPerNano);
    }

    private void fill(long now) {
        double most = busy ? Math.max(head, LATE_NANOS * bytesPerNano) : head;
        tokens = Math.min(Math.max(most, tokens), tokens + (now - filled) * bytesPerNano);
        if (!busy) {
            tokens = Math.min(tokens, head);
        }
        filled = now;
    }
}
