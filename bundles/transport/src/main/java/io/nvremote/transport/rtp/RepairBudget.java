// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

/** A token bucket: retransmissions take at most as much again as the stream itself, whatever the receiver asks for. */
final class RepairBudget {

    private static final int BURST_PACKETS = 128;

    private final int packetBytes;
    private double bytesPerNano;
    private double capacity;
    private double tokens;
    private long filled;

    RepairBudget(long bitsPerSecond, int packetBytes, long now) {
        this.packetBytes = packetBytes;
        filled = now;
        set(bitsPerSecond);
        tokens = capacity;
    }

    /** The stream is to take so much from now on. */
    void rate(long bitsPerSecond, long now) {
        fill(now);
        set(bitsPerSecond);
    }

    private void set(long bitsPerSecond) {
        bytesPerNano = bitsPerSecond / 8e9;
        capacity = Math.max((double) BURST_PACKETS * packetBytes, bitsPerSecond / 8.0 / 4);
    }

    boolean spend(int bytes, long now) {
        fill(now);
        if (tokens < bytes) {
            return false;
        }
        tokens -= bytes;
        return true;
    }

    private void fill(long now) {
        tokens = Math.min(capacity, tokens + (now - filled) * bytesPerNano);
        filled = now;
    }
}
