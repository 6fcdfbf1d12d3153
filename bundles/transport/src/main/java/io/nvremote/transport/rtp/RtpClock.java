// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.time.Instant;

/** From monotonic nanoseconds to the 90 kHz RTP clock with a random start, and to NTP time (RFC 3550 section 4). */
final class RtpClock {

    private static final long NTP_EPOCH_SECONDS = 2_208_988_800L;
    /** A captured stamp further off is not of our clock, or of a picture that stood still. */
    private static final long PLAUSIBLE_NANOS = 500_000_000;

    private final int start;
    private final long origin;
    private final long wallSeconds;
    private final long wallNanos;
    private long last = Long.MIN_VALUE;

    RtpClock(int start, Instant wall, long now) {
        this.start = start;
        origin = now;
        wallSeconds = wall.getEpochSecond() + NTP_EPOCH_SECONDS;
        wallNanos = wall.getNano();
    }

    /** The timestamp of the next unit: of its capture where that is known; always later than the one before. */
    int next(long captured, long now) {
        boolean plausible = captured != 0 && Math.abs(now - captured) < PLAUSIBLE_NANOS;
        last = Math.max(last + 1, ticks(plausible ? captured : now));
        return start + (int) last;
    }

    /** The timestamp that belongs to this instant. */
    int at(long now) {
        return start + (int) ticks(now);
    }

    /** NTP time, 32 bits of seconds and 32 of fraction. */
    long ntp(long now) {
        long nanos = wallNanos + (now - origin);
        long seconds = wallSeconds + Math.floorDiv(nanos, 1_000_000_000L);
        return seconds << 32 | (Math.floorMod(nanos, 1_000_000_000L) << 32) / 1_000_000_000L;
    }

    private long ticks(long now) {
        return Math.floorDiv((now - origin) * 9, 100_000L);
    }
}
