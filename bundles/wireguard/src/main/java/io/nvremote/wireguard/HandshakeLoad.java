// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Counts handshake messages: too many altogether is load, and under load each proven address has 20 a second with a
 * burst of 5, as other WireGuards allow. Bounded memory. Guarded by its owner.
 */
final class HandshakeLoad {

    static final int PER_SECOND = 20;
    static final int BURST = 5;

    private static final long COST = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
    /** Load lasts this long after the last message that was too many. */
    private static final long AFTERMATH = TimeUnit.SECONDS.toNanos(1);

    private static final int MAX_SOURCES = 256;

    private final Bucket all = new Bucket();
    private final Map<InetAddress, Bucket> sources = new LinkedHashMap<>();
    private long heavyUntil;
    private boolean heavySeen;

    /** Counts a message with a valid mac1; whether there is load now. */
    boolean heavy(long now) {
        if (!all.take(now)) {
            heavyUntil = now + AFTERMATH;
            heavySeen = true;
        }
        return heavySeen && now - heavyUntil < 0;
    }

    /** Whether this address may have one more. */
    boolean allowed(InetAddress source, long now) {
        Bucket bucket = sources.get(source);
        if (bucket == null) {
            if (sources.size() >= MAX_SOURCES) {
                Iterator<InetAddress> oldest = sources.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
            bucket = new Bucket();
            sources.put(source, bucket);
        }
        return bucket.take(now);
    }

    /** A token bucket kept in time: the moment at which it would be full again. */
    private static final class Bucket {

        private long fullAt;
        private boolean used;

        boolean take(long now) {
            long base = used && fullAt - now > 0 ? fullAt : now;
            if (base - now > COST * (BURST - 1)) {
                return false;
            }
            used = true;
            fullAt = base + COST;
            return true;
        }
    }
}
