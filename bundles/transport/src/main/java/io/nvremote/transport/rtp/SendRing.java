// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The last packets of a sender in order of their sequence numbers: those that wait to be sent, and behind them the
 * history for retransmission. Buffers are made on first use and used again. One thread at a time.
 */
final class SendRing {

    /** One packet. */
    static final class Slot {
        final ByteBuffer packet;
        long number = -1;
        /** When it is to be sent, or was; and when it was last sent again. */
        long due;

        long sentAgain;
        /** Whether it begins a unit, and so carries stamps. */
        boolean first;

        Slot(int bytes) {
            packet = ByteBuffer.allocate(bytes);
        }
    }

    private final @Nullable Slot[] slots;
    private final int packetBytes;
    private final long begin;
    private long next;
    private long unsent;

    SendRing(int slots, int packetBytes, long begin) {
        this.slots = new Slot[Integer.highestOneBit(slots)];
        this.packetBytes = packetBytes;
        this.begin = begin;
        next = begin;
        unsent = begin;
    }

    /** The number of the next new packet. */
    long next() {
        return next;
    }

    /** The number of the last packet sent, or -1. */
    long lastSent() {
        return unsent == begin ? -1 : unsent - 1;
    }

    /** How many wait to be sent. */
    long unsent() {
        return next - unsent;
    }

    /** Whether the next new packet would take the place of one that still waits. */
    boolean full() {
        return next - unsent == slots.length;
    }

    /** A cleared slot for the next packet, overwriting the oldest. */
    Slot add() {
        int index = (int) (next & slots.length - 1);
        Slot slot = slots[index];
        if (slot == null) {
            slot = new Slot(packetBytes);
            slots[index] = slot;
        }
        slot.number = next++;
        slot.sentAgain = 0;
        slot.packet.clear();
        return slot;
    }

    /** The oldest packet that waits, or null. */
    @Nullable
    Slot waiting() {
        return unsent == next ? null : at(unsent);
    }

    /** The oldest packet that waited is sent. */
    void sent() {
        unsent++;
    }

    /** The number of a packet that was sent, or -1 if none of that sequence number was of late. */
    long sentNumber(int sequence) {
        long number = Sequence.unwrap(unsent, sequence);
        return number >= unsent || number < begin ? -1 : number;
    }

    /** A packet that was sent and is still kept, or null. */
    @Nullable
    Slot sent(int sequence) {
        long number = sentNumber(sequence);
        return number < 0 ? null : at(number);
    }

    /** The packet of that number if it is still here. */
    @Nullable
    Slot at(long number) {
        Slot slot = slots[(int) (number & slots.length - 1)];
        return slot != null && slot.number == number ? slot : null;
    }
}
