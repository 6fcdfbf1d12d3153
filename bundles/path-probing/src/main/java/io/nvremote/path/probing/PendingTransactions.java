// SPDX-License-Identifier: Apache-2.0
package io.nvremote.path.probing;

import io.nvremote.relay.StunTransaction;
import org.jspecify.annotations.Nullable;

/** The last few STUN requests to one address that may still be answered. Guarded by its owner. */
final class PendingTransactions {

    /** Result of {@link #answered} for an answer to nothing. */
    static final long UNKNOWN = -1;

    private static final int SIZE = 16;

    private final @Nullable StunTransaction[] asked = new @Nullable StunTransaction[SIZE];
    private final long[] at = new long[SIZE];
    private int next;

    /** A new id, remembered. */
    StunTransaction ask(long now) {
        StunTransaction transaction = StunTransaction.next();
        asked[next] = transaction;
        at[next] = now;
        next = (next + 1) % SIZE;
        return transaction;
    }

    /** Whether an id was asked and not answered yet. */
    boolean open(StunTransaction transaction) {
        return find(transaction) >= 0;
    }

    /** The round trip in nanoseconds, counted once; {@link #UNKNOWN} if the id was not asked or was answered before. */
    long answered(StunTransaction transaction, long now) {
        int i = find(transaction);
        if (i < 0) {
            return UNKNOWN;
        }
        asked[i] = null;
        return now - at[i];
    }

    private int find(StunTransaction transaction) {
        for (int i = 0; i < SIZE; i++) {
            if (transaction.equals(asked[i])) {
                return i;
            }
        }
        return -1;
    }
}
