// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where datagrams of one source go, by receiver index: an open-addressed table without boxing, so that a look-up
 * allocates nothing. One thread.
 */
final class Routes {

    private int[] keys = new int[8];
    private long[] used = new long[8];
    private @Nullable Peer[] sides = new Peer[8];
    private int size;

    /** The side that chose this index, or null; a hit keeps the route alive. */
    @Nullable
    Peer find(int index, long now) {
        int slot = slot(index);
        Peer side = sides[slot];
        if (side == null || now - used[slot] >= Timeouts.ROUTE) {
            return null;
        }
        used[slot] = now;
        return side;
    }

    void put(int index, Peer destination, long now) {
        if (2 * (size + 1) > keys.length) {
            rebuild(keys.length * 2, side -> true, Long.MIN_VALUE);
        }
        int slot = slot(index);
        size += sides[slot] == null ? 1 : 0;
        keys[slot] = index;
        sides[slot] = destination;
        used[slot] = now;
    }

    /** Forgets the routes to sides that match. */
    void remove(Predicate<Peer> matching) {
        if (any(matching)) {
            rebuild(keys.length, matching.negate(), Long.MIN_VALUE);
        }
    }

    /** Forgets the routes that were not used since then. */
    void expire(long now) {
        for (int i = 0; i < keys.length; i++) {
            if (sides[i] != null && now - used[i] >= Timeouts.ROUTE) {
                rebuild(keys.length, side -> true, now);
                return;
            }
        }
    }

    /** Copies the routes to a side into another table. */
    void copy(Peer destination, Routes into) {
        for (int i = 0; i < keys.length; i++) {
            if (sides[i] == destination) {
                into.put(keys[i], destination, used[i]);
            }
        }
    }

    private boolean any(Predicate<Peer> matching) {
        for (Peer side : sides) {
            if (side != null && matching.test(side)) {
                return true;
            }
        }
        return false;
    }

    private int slot(int index) {
        int hash = index * 0x9E3779B1;
        int slot = (hash ^ hash >>> 16) & (keys.length - 1);
        while (sides[slot] != null && keys[slot] != index) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return slot;
    }

    private void rebuild(int capacity, Predicate<Peer> keep, long now) {
        int[] oldKeys = keys;
        long[] oldUsed = used;
        @Nullable Peer[] oldSides = sides;
        keys = new int[capacity];
        used = new long[capacity];
        sides = new Peer[capacity];
        size = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            Peer side = oldSides[i];
            boolean alive = now == Long.MIN_VALUE || now - oldUsed[i] < Timeouts.ROUTE;
            if (side != null && alive && keep.test(side)) {
                put(oldKeys[i], side, oldUsed[i]);
            }
        }
    }
}
