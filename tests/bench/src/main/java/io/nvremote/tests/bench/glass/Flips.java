// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.glass;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * When each picture was drawn and when it was first seen. The painter reports with {@link #drawn}, the watcher with
 * {@link #seen}, each from its own thread.
 */
final class Flips {

    private final AtomicLongArray drawn;
    private final AtomicLongArray seen;
    private final AtomicInteger last = new AtomicInteger(-1);
    private int lastSeen = -1;
    private int lastMark = -1;

    Flips(int most) {
        drawn = new AtomicLongArray(most);
        seen = new AtomicLongArray(most);
    }

    /** A picture is about to be drawn; it shows {@code index % Mark.VALUES}. */
    void drawn(int index, long nanos) {
        drawn.set(index, nanos);
        last.set(index);
    }

    /** The watcher read that number: the newest picture that shows it, if it is newer than what was seen before. */
    void seen(int mark, long nanos) {
        if (mark == lastMark) {
            return;
        }
        lastMark = mark;
        int newest = last.get();
        int index = newest - Math.floorMod(newest - mark, Mark.VALUES);
        if (index > lastSeen) {
            lastSeen = index;
            seen.set(index, nanos);
        }
    }

    /** Milliseconds from drawn to seen of the pictures from one to before another; pictures never seen are left out. */
    List<Double> latencies(int from, int to) {
        List<Double> all = new ArrayList<>();
        for (int i = from; i < to; i++) {
            if (seen.get(i) != 0) {
                all.add((seen.get(i) - drawn.get(i)) / 1e6);
            }
        }
        return all;
    }
}
