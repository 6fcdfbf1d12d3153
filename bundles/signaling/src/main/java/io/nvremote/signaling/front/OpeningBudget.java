// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many sockets one address may open: a burst, then so many a second. Opening costs the server a handshake and a socket before
 * anyone has shown who they are. IPv6 addresses count by their /64, which one customer owns. Remembers at most
 * {@value #MAX_ADDRESSES} addresses; the one not seen longest is forgotten. Safe for any thread.
 */
final class OpeningBudget {

    static final int MAX_ADDRESSES = 10_000;
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

    OpeningBudget(int burst, double perSecond) {
        this.burst = burst;
        this.perSecond = perSecond;
    }

    synchronized boolean take(InetAddress from, long nowNanos) {
        String key = key(from);
        Bucket bucket = buckets.getOrDefault(key, new Bucket(burst, nowNanos));
        double refilled = (nowNanos - bucket.atNanos()) / NANOS_A_SECOND * perSecond;
        double tokens = Math.min(burst, bucket.tokens() + refilled);
        boolean allowed = tokens >= 1;
        buckets.put(key, new Bucket(allowed ? tokens - 1 : tokens, nowNanos));
        return allowed;
    }

    /** One customer: an IPv4 address or an IPv6 /64. */
    static String key(InetAddress address) {
        byte[] bytes = address.getAddress();
        return java.util.HexFormat.of().formatHex(bytes, 0, bytes.length == 16 ? 8 : bytes.length);
    }
}
