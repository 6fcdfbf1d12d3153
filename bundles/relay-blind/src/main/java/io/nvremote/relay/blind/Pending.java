// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The newest initiations on their way to one key: which address used which sender index. One thread. */
final class Pending {

    private static final int SIZE = 64;

    private final int[] index = new int[SIZE];
    private final long[] since = new long[SIZE];
    private final @Nullable InetSocketAddress[] source = new InetSocketAddress[SIZE];
    private int next;

    /** Remembers; false if that index is pending from another address: the first one counts. */
    boolean offer(int sender, InetSocketAddress from, long now) {
        int known = slot(sender, now);
        if (known >= 0) {
            return from.equals(source[known]);
        }
        index[next] = sender;
        since[next] = now;
        source[next] = from;
        next = (next + 1) % SIZE;
        return true;
    }

    /** Who used that index, or null. */
    @Nullable
    InetSocketAddress find(int sender, long now) {
        int known = slot(sender, now);
        return known < 0 ? null : source[known];
    }

    void remove(int sender, long now) {
        int known = slot(sender, now);
        if (known >= 0) {
            source[known] = null;
        }
    }

    private int slot(int sender, long now) {
        for (int i = 0; i < SIZE; i++) {
            if (index[i] == sender && source[i] != null && now - since[i] < Timeouts.PENDING) {
                return i;
            }
        }
        return -1;
    }
}
