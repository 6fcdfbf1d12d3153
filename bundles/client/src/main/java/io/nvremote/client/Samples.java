// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import java.util.Arrays;

/** The newest durations of one stage, at most {@link #KEPT} of them; percentiles by nearest rank. Safe for any thread. */
final class Samples {

    static final int KEPT = 1 << 15;

    private final int[] micros = new int[KEPT];
    private long count;

    synchronized void add(long nanos) {
        micros[(int) (count++ % KEPT)] = Math.clamp(nanos / 1000, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    synchronized long count() {
        return count;
    }

    /** Milliseconds below which the given share of the newest {@code window} samples lie; NaN without samples. */
    synchronized double percentileMillis(double share, int window) {
        int held = (int) Math.min(Math.min(count, KEPT), window);
        if (held == 0) {
            return Double.NaN;
        }
        int[] newest = new int[held];
        for (int i = 0; i < held; i++) {
            newest[i] = micros[(int) ((count - held + i) % KEPT)];
        }
        Arrays.sort(newest);
        int rank = (int) Math.ceil(share * held) - 1;
        return newest[Math.clamp(rank, 0, held - 1)] / 1000.0;
    }
}
