// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Packets to be sent again (RFC 4588), from the receiver's asking until the pacer lets them go. What is too old, was just
 * sent, or asks for more than the {@link RepairBudget} is not. A second copy, where one is wanted, follows a little later,
 * so that one burst of losses does not take both. One thread at a time.
 */
final class Repairs {

    /** The original sequence number in front of a retransmitted payload (RFC 4588 section 4). */
    static final int OSN_BYTES = 2;

    private static final long COPY_NANOS = 8_000_000;
    private static final long UNKNOWN_ROUND_TRIP_NANOS = 5_000_000;

    private static final long LONGEST_PATIENCE_NANOS = 500_000_000L;

    private record Repair(long number, long notBefore) {}

    private final SendRing ring;
    private final RepairBudget budget;
    private final long historyNanos;
    private final ByteBuffer packet;
    private final ArrayDeque<Repair> first = new ArrayDeque<>();
    private final ArrayDeque<Repair> copies = new ArrayDeque<>();
    private int sequence;

    Repairs(SendRing ring, RepairBudget budget, long historyNanos, int packetBytes, int sequence) {
        this.ring = ring;
        this.budget = budget;
        this.historyNanos = historyNanos;
        this.sequence = sequence;
        packet = ByteBuffer.allocate(packetBytes);
    }

    /**
     * The receiver lacks that packet; it is sent again when {@link #poll} is called, {@code twice} or once.
     *
     * @return its number if it can't be sent again, being too old or too much; else -1
     */
    long ask(int lacking, long roundTripNanos, boolean twice, long now) {
        long number = ring.sentNumber(lacking & 0xFFFF);
        if (number < 0) {
            return -1;
        }
        SendRing.Slot slot = ring.at(number);
        if (slot == null || now - slot.due > historyNanos) {
            return number;
        }
        // Asked for in less than a round trip, it is not what left last that is missing.
        long patience = roundTripNanos == 0
                ? UNKNOWN_ROUND_TRIP_NANOS
                : Math.min(LONGEST_PATIENCE_NANOS, roundTripNanos * 3 / 4);
        if (now - slot.due < patience / 2 || (slot.sentAgain != 0 && now - slot.sentAgain < patience)) {
            return -1;
        }
        if (!budget.spend((slot.packet.limit() + OSN_BYTES) * (twice ? 2 : 1), now)) {
            return number;
        }
        slot.sentAgain = now;
        first.add(new Repair(slot.number, now));
        if (twice) {
            copies.add(new Repair(slot.number, now + COPY_NANOS));
        }
        return -1;
    }

    /** How many wait, second copies not counted. */
    int waiting() {
        return first.size();
    }

    /** Nothing is lacking any more. */
    void clear() {
        first.clear();
        copies.clear();
    }

    /** When the next may go. */
    long due(long now) {
        Repair copy = copies.peek();
        return !first.isEmpty() ? now : copy == null ? Long.MAX_VALUE : copy.notBefore;
    }

    /** The next packet to be sent again, valid until the next call, or null. */
    @Nullable
    ByteBuffer poll(int ssrc, long now) {
        while (due(now) - now <= 0) {
            Repair next = first.isEmpty() ? copies.remove() : first.remove();
            SendRing.Slot slot = ring.at(next.number);
            if (slot != null) {
                slot.sentAgain = now;
                return write(slot, ssrc);
            }
        }
        return null;
    }

    private ByteBuffer write(SendRing.Slot slot, int ssrc) {
        int header = RtpHeader.BYTES + (slot.first ? StampExtension.BYTES : 0);
        packet.clear().put(0, slot.packet, 0, header);
        packet.put(1, (byte) (slot.packet.get(1) + 1)); // the marker, and the type next to the format's
        packet.putShort(2, (short) sequence++).putInt(8, ssrc);
        packet.putShort(header, (short) slot.number);
        int payload = slot.packet.limit() - header;
        packet.put(header + OSN_BYTES, slot.packet, header, payload);
        return packet.limit(header + OSN_BYTES + payload);
    }
}
