// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

/**
 * When to ask for which missing packet: the first time when it is no longer likely to be merely out of order, then again
 * each time an answer is overdue, until its time is up. One thread at a time.
 */
final class RepairSchedule {

    /** A packet overtaken for so long, or by so many, is lost. */
    static final long REORDER_NANOS = 2_000_000;

    static final int REORDER_PACKETS = 3;

    private static final int MAX_ITEMS = 64;
    private static final long UNKNOWN_ROUND_TRIP_NANOS = 30_000_000;
    private static final long SHORTEST_NANOS = 5_000_000;
    /** Over a longer round trip the first question is asked twice, so far apart: a lost one would cost another. */
    private static final long LONG_ROUND_TRIP_NANOS = 50_000_000;

    private static final long TWICE_NANOS = 10_000_000;
    private static final long LONGEST_NANOS = 3_000_000_000L;

    private final ReceiveWindow window;
    private final long deadlineNanos;
    private final int[] items = new int[MAX_ITEMS];
    private long deadline;
    private long due = Long.MAX_VALUE;

    RepairSchedule(ReceiveWindow window, long deadlineNanos) {
        this.window = window;
        this.deadlineNanos = deadlineNanos;
        deadline = deadlineNanos;
    }

    /** Something is missing that is to be asked for at that time. */
    void changed(long at) {
        due = Math.min(due, at);
    }

    /** A new highest packet came: what it overtakes by enough is asked for at once. */
    void overtaken(long now) {
        ReceiveWindow.Slot slot = window.missing() == 0 ? null : window.absent(window.highest() - REORDER_PACKETS);
        if (slot != null && slot.asks == 0) {
            due = now;
        }
    }

    /** When {@link #collect} has something to do. */
    long due() {
        return window.missing() == 0 ? Long.MAX_VALUE : due;
    }

    /**
     * How long a missing packet is worth waiting for. A repair that takes two more round trips still costs less than a key
     * frame, which takes one and its own size; and a key frame that still grows is worth more than another like it.
     */
    void patience(long roundTripNanos, boolean growingKeyFrame) {
        long usual = Math.max(deadlineNanos, Math.min(LONGEST_NANOS, deadlineNanos + 2 * roundTripNanos));
        deadline = growingKeyFrame ? LONGEST_NANOS : usual;
    }

    /** The last missing packet whose time is up, or -1. */
    long hopeless(long now) {
        if (window.missing() == 0 || due - now > 0) {
            return -1;
        }
        long result = -1;
        for (long number = window.next(); number <= window.highest(); number++) {
            ReceiveWindow.Slot slot = window.absent(number);
            if (slot != null && now - slot.since >= deadline) {
                result = number;
            }
        }
        return result;
    }

    /** Fills {@link #items} with NACK items for what is to be asked for now; returns how many. */
    int collect(long now, long roundTripNanos) {
        if (window.missing() == 0) {
            due = Long.MAX_VALUE;
            return 0;
        }
        if (due - now > 0) {
            return 0;
        }
        long patience = roundTripNanos == 0
                ? UNKNOWN_ROUND_TRIP_NANOS
                : Math.max(SHORTEST_NANOS, roundTripNanos + Math.max(SHORTEST_NANOS, roundTripNanos / 4));
        boolean twice = roundTripNanos >= LONG_ROUND_TRIP_NANOS;
        int count = 0;
        long packet = Long.MIN_VALUE / 2;
        due = Long.MAX_VALUE;
        for (long number = window.next(); number <= window.highest(); number++) {
            ReceiveWindow.Slot slot = window.absent(number);
            if (slot == null) {
                continue;
            }
            boolean overtaken = slot.asks == 0 && window.highest() - number >= REORDER_PACKETS;
            boolean fits = number - packet <= 16 || count < MAX_ITEMS;
            if (fits && (overtaken || slot.due - now <= 0)) {
                if (number - packet > 16) {
                    packet = number;
                    items[count++] = ((int) number & 0xFFFF) << 16;
                } else {
                    items[count - 1] |= 1 << (int) (number - packet - 1);
                }
                slot.asks++;
                slot.due = now + (twice && slot.asks == 1 ? TWICE_NANOS : patience << Math.min(3, slot.asks / 4));
            }
            due = Math.min(due, Math.min(slot.due, slot.since + deadline));
        }
        return count;
    }

    int[] items() {
        return items;
    }
}
