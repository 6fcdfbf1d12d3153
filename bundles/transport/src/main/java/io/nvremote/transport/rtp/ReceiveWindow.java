// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The packets between the next unit to hand over and the highest sequence number known: there, missing, or not known.
 * Memory is bounded by the number of slots, whatever arrives; payload buffers are pooled. One thread at a time.
 */
final class ReceiveWindow {

    static final int SLOTS = 8192;
    /** The longest payload kept; no path of ours carries more. */
    static final int MAX_PAYLOAD = 1500;

    /** One packet. */
    static final class Slot {
        long number = -1;
        byte @Nullable [] payload;
        int length;
        int timestamp;
        boolean marker;
        /** Whether it is known to begin a unit, and one that can be decoded alone. */
        boolean first;

        boolean key;
        StampExtension.@Nullable Reading reading;
        /** Of what the payload is a part. */
        @Nullable
        PayloadFormat format;

        /** Of a missing packet: since when, when to ask for it, how often that was done. */
        long since;

        long due;
        int asks;
    }

    private final Slot[] slots = new Slot[SLOTS];
    private byte[][] pool = new byte[64][];
    private int pooled;
    private long next;
    private long highest;
    /** Everything from {@code next} to here is there and ends no unit. */
    private long scanned;

    private int missing;
    private boolean untouched;

    ReceiveWindow() {
        Arrays.setAll(slots, i -> new Slot());
    }

    /** Forgets everything; the next packet expected is {@code first}. */
    void restart(long first) {
        for (Slot slot : slots) {
            release(slot);
        }
        missing = 0;
        untouched = true;
        next = first;
        scanned = first;
        highest = first - 1;
    }

    long next() {
        return next;
    }

    long highest() {
        return highest;
    }

    int missing() {
        return missing;
    }

    /** Until something was taken out, an earlier packet moves the beginning back; at most 100 packets. */
    void extendBack(long first, long now, long due) {
        if (untouched && first < next && next - first <= 100) {
            for (long number = first; number < next; number++) {
                markMissing(number, now, due);
            }
            next = first;
            scanned = first;
        }
    }

    /** Everything up to {@code last} has been sent: what is not here is missing, to be asked for from {@code due} on. */
    void expect(long last, long now, long due) {
        while (highest < last) {
            markMissing(++highest, now, due);
        }
    }

    private void markMissing(long number, long now, long due) {
        Slot slot = slots[(int) (number & SLOTS - 1)];
        release(slot);
        slot.number = number;
        slot.since = now;
        slot.due = due;
        slot.asks = 0;
        missing++;
    }

    /** Whether that packet, of the window or right behind it, is not here yet. */
    boolean lacks(long number) {
        return number >= next && present(number) == null;
    }

    /** Keeps a packet that the window lacks; everything before it is known at least as missing. */
    Slot put(long number, PayloadFormat format, RtpHeader header, int skip, ByteBuffer datagram) {
        Slot slot = slots[(int) (number & SLOTS - 1)];
        if (slot.number == number) {
            missing--;
        } else {
            release(slot);
            slot.number = number;
        }
        highest = Math.max(highest, number);
        byte[] payload = pooled == 0 ? new byte[MAX_PAYLOAD] : pool[--pooled];
        slot.payload = payload;
        slot.format = format;
        slot.length = header.payloadLength - skip;
        datagram.get(header.payloadAt + skip, payload, 0, slot.length);
        slot.timestamp = header.timestamp;
        slot.marker = header.marker;
        slot.reading = StampExtension.read(datagram, header);
        Slot before = present(number - 1);
        slot.first = slot.reading != null || (before != null && ends(before, slot));
        slot.key = slot.reading != null ? slot.reading.key() : slot.first && format.beginsKey(payload, slot.length);
        return slot;
    }

    private static boolean ends(Slot slot, Slot following) {
        return slot.marker || slot.timestamp != following.timestamp;
    }

    /** The packet if it is here. */
    @Nullable
    Slot present(long number) {
        Slot slot = slots[(int) (number & SLOTS - 1)];
        return slot.number == number && slot.payload != null ? slot : null;
    }

    /** The packet if it is known to be missing. */
    @Nullable
    Slot absent(long number) {
        Slot slot = slots[(int) (number & SLOTS - 1)];
        return slot.number == number && slot.payload == null ? slot : null;
    }

    /** The last packet of the unit that begins the window, or -1 while it is not complete. */
    long nextUnitEnd() {
        scanned = Math.max(scanned, next);
        while (true) {
            Slot slot = present(scanned);
            if (slot == null) {
                return -1;
            }
            Slot following = present(scanned + 1);
            if (slot.marker || (following != null && ends(slot, following))) {
                return scanned;
            }
            if (following == null) {
                return -1;
            }
            scanned++;
        }
    }

    /** The last packet of the unit that begins at {@code from}, or -1 while it is not complete. */
    long unitEnd(long from) {
        for (long number = from; number <= highest; number++) {
            Slot slot = present(number);
            if (slot == null) {
                return -1;
            }
            Slot following = present(number + 1);
            if (slot.marker || (following != null && ends(slot, following))) {
                return number;
            }
        }
        return -1;
    }

    /** Drops everything before {@code to}; returns how many of them never came. */
    int advance(long to) {
        int lost = 0;
        untouched = false;
        for (long number = next; number < to; number++) {
            Slot slot = slots[(int) (number & SLOTS - 1)];
            if (slot.number == number) {
                lost += slot.payload == null ? 1 : 0;
                release(slot);
            }
        }
        missing -= lost;
        next = to;
        highest = Math.max(highest, to - 1);
        return lost;
    }

    private void release(Slot slot) {
        byte[] payload = slot.payload;
        if (payload != null) {
            if (pooled == pool.length) {
                pool = Arrays.copyOf(pool, Math.min(2 * pooled, 2 * SLOTS));
            }
            pool[pooled++] = payload;
        }
        slot.payload = null;
        slot.reading = null;
        slot.number = -1;
        slot.first = false;
        slot.key = false;
    }
}
