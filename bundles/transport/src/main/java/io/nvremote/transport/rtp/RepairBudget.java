// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.core.Bitrate;

/** A token bucket: retransmissions take at most as much again as the stream itself, whatever the receiver asks for. */
final class RepairBudget {

    private static final int BURST_PACKETS = 128;

    private final double bytesPerNano;
    private final double capacity;
    private double tokens;
    private long filled;

    RepairBudget(Bitrate rate, int packetBytes, long now) {
        bytesPerNano = rate.bitsPerSecond() / 8e9;
        capacity = Math.max((double) BURST_PACKETS * packetBytes, rate.bitsPerSecond() / 8.0 / 4);
        tokens = capacity;
        filled = now;
    }

    boolean spend(int bytes, long now) {
        tokens = Math.min(capacity, tokens + (now - filled) * bytesPerNano);
        filled = now;
        if (tokens < bytes) {
            return false;
        }
        tokens -= bytes;
        return true;
    }
}
