// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.limits;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token bucket for each address: a burst, then so many a second. IPv6 addresses count by their /64, which one customer
 * owns. Remembers at most {@value #MAX_ADDRESSES} addresses; the one not seen longest is forgotten, and has its whole burst
 * again. Time is the caller's, in monotonic nanoseconds. Safe for any thread.
 */
public final class AddressLimiter {

    public static final int MAX_ADDRESSES = 10_000;

    private static final double NANOS_A_SECOND = 1e9;

    private final int burst;
    private final double perSecond;

    private final Map<String, Bucket> buckets = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    private record Bucket(double tokens, long atNanos) {}

    /**
     * @param burst how many may come at once, at least 1
     * @param perSecond how many a second afterwards, more than 0
     */
    public AddressLimiter(int burst, double perSecond) {
        this.burst = burst;
        this.perSecond = perSecond;
    }

    /**
     * Counts one.
     *
     * @param from null counts as an address of its own
     * @throws StreamException {@link CoreError#TOO_MANY_REQUESTS}, with the time to wait, if nothing is left; then nothing is
     *     counted
     */
    public void take(@Nullable InetAddress from, long nowNanos) {
        refuse(count(customer(from), 1, nowNanos));
    }

    /** Refuses like {@link #take}, but counts nothing: for limits on failures, which are counted afterwards. */
    public void check(@Nullable InetAddress from, long nowNanos) {
        refuse(count(customer(from), 0, nowNanos));
    }

    /** How long this address has to wait; zero if one more may come now. Counts one in that case. */
    public Duration tryTake(@Nullable InetAddress from, long nowNanos) {
        return count(customer(from), 1, nowNanos);
    }

    private synchronized Duration count(String key, int amount, long nowNanos) {
        Bucket bucket = buckets.getOrDefault(key, new Bucket(burst, nowNanos));
        double refilled = Math.max(0, nowNanos - bucket.atNanos()) / NANOS_A_SECOND * perSecond;
        double tokens = Math.min(burst, bucket.tokens() + refilled);
        boolean allowed = tokens >= 1;
        if (amount > 0 || buckets.containsKey(key)) {
            buckets.put(key, new Bucket(allowed ? tokens - amount : tokens, nowNanos));
        }
        return allowed ? Duration.ZERO : Duration.ofNanos((long) Math.ceil((1 - tokens) / perSecond * NANOS_A_SECOND));
    }

    private static void refuse(Duration wait) {
        if (!wait.isZero()) {
            throw new StreamException(
                    CoreError.TOO_MANY_REQUESTS, "too many requests from this address; try again later", wait);
        }
    }

    /** Whom an address counts for: an IPv4 address or an IPv6 /64, in hexadecimal; empty for null. */
    public static String customer(@Nullable InetAddress address) {
        if (address == null) {
            return "";
        }
        byte[] bytes = address.getAddress();
        return HexFormat.of().formatHex(bytes, 0, bytes.length == 16 ? 8 : bytes.length);
    }
}
