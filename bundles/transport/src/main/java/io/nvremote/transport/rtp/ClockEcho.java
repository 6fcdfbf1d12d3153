// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

/** Round trip and clock offset from questions and answers; the best of the last few counts. One thread at a time. */
final class ClockEcho {

    private static final int SAMPLES = 16;
    private static final long MAX_NANOS = 10_000_000_000L;

    private final long[] roundTrips = new long[SAMPLES];
    private final long[] offsets = new long[SAMPLES];
    private int count;
    private long smoothed;
    private long latest;
    private long newest;

    /** Notes a question, so that answers to others are not believed. */
    void asked(long now) {
        newest = now;
    }

    /** Takes an answer; our clock for {@code asked} and {@code now}, the host's for the other two. */
    void answered(long asked, long came, long went, long now) {
        long roundTrip = now - asked - (went - came);
        if (asked > newest || now - asked < 0 || now - asked > MAX_NANOS || went < came || roundTrip < 0) {
            return;
        }
        int at = count++ % SAMPLES;
        roundTrips[at] = roundTrip;
        offsets[at] = (asked - came + (now - went)) / 2;
        latest = roundTrip;
        smoothed = count == 1 ? roundTrip : smoothed + (roundTrip - smoothed) / 8;
    }

    /** 0 until known. A longer one counts at once: a queue grows faster than an average. */
    long roundTripNanos() {
        return count == 0 ? 0 : Math.max(1, Math.max(smoothed, latest));
    }

    /** What to add to the host's clock to have ours; 0 until known. The shortest round trip is the least wrong. */
    long offsetNanos() {
        int best = 0;
        for (int i = 1; i < Math.min(count, SAMPLES); i++) {
            if (roundTrips[i] < roundTrips[best]) {
                best = i;
            }
        }
        return count == 0 ? 0 : offsets[best];
    }
}
