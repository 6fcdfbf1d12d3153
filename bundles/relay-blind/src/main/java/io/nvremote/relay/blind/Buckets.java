// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import java.net.InetAddress;
import java.security.SecureRandom;

/**
 * Token buckets by source address, in memory that never grows: an address falls into one of a fixed number of buckets by
 * a salted hash, so that nobody can choose whose bucket to share. One thread.
 *
 * <p>Each bucket is one number: the time at which it will be full again (the generic cell rate algorithm).
 */
final class Buckets {

    private static final int SALT = new SecureRandom().nextInt();

    private final long[] fullAt;
    private final long nanosPerToken;
    private final long window;
    private long base;
    private boolean started;

    /** A power of two of buckets, each with {@code burst} tokens and {@code perSecond} new ones a second. */
    Buckets(int buckets, long perSecond, long burst) {
        fullAt = new long[buckets];
        nanosPerToken = 1_000_000_000L / perSecond;
        window = nanosPerToken * burst;
    }

    /** Takes tokens out of the address's bucket, or none if there are not enough. */
    boolean take(InetAddress address, long tokens, long nowNanos) {
        int hash = (address.hashCode() ^ SALT) * 0x9E3779B1;
        return take((hash ^ hash >>> 16) & (fullAt.length - 1), tokens, nowNanos);
    }

    /** The same for the one bucket of an instance that has one. */
    boolean take(long tokens, long nowNanos) {
        return take(0, tokens, nowNanos);
    }

    private boolean take(int bucket, long tokens, long nowNanos) {
        if (!started) {
            base = nowNanos; // monotonic time may start anywhere, also below zero
            started = true;
        }
        long now = nowNanos - base;
        long then = Math.max(fullAt[bucket], now) + tokens * nanosPerToken;
        if (then - now > window) {
            return false;
        }
        fullAt[bucket] = then;
        return true;
    }
}
