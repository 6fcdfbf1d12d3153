// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;

/**
 * AV1 by the RTP Payload Format For AV1 (Alliance for Open Media, version 1.0): the OBUs of a temporal unit in the low-overhead
 * format, without their size fields and without temporal delimiters and tile lists, up to three to a packet, cut where a packet is
 * full. One thread at a time.
 */
final class Av1Packetizer implements Packetizer {

    /** The first element goes on from the packet before. */
    static final int GOES_ON = 0x80;
    /** The last element goes on in the next packet. */
    static final int TO_BE_CONTINUED = 0x40;
    /** How many elements there are, of which the last has no length; 0: any number, each with its length. */
    static final int COUNT_SHIFT = 4;
    /** The packet begins a coded video sequence. */
    static final int NEW_SEQUENCE = 0x08;

    /** What the two bits of the count can say. */
    private static final int MOST_TOGETHER = 3;

    private final Av1Units units = new Av1Units();
    /** Of the packet being planned: element and how many of its bytes. */
    private final int[] bytes = new int[MOST_TOGETHER];

    @Override
    public void packetize(ByteBuffer unit, Output out) {
        units.find(unit);
        int at = 0;
        int offset = 0;
        while (at < units.count()) {
            ByteBuffer packet = out.open();
            int number = plan(at, offset, packet.remaining());
            int last = at + number - 1;
            int end = (number == 1 ? offset : 0) + bytes[number - 1];
            boolean cut = end < units.size(last);
            boolean first = at == 0 && offset == 0;
            packet.put((byte) ((offset > 0 ? GOES_ON : 0)
                    | (cut ? TO_BE_CONTINUED : 0)
                    | (number << COUNT_SHIFT)
                    | (first && units.key() ? NEW_SEQUENCE : 0)));
            for (int i = 0; i < number; i++) {
                if (i < number - 1) {
                    Leb128.put(bytes[i], packet);
                }
                units.copy(at + i, i == 0 ? offset : 0, bytes[i], packet);
            }
            out.close(packet);
            at = cut ? last : last + 1;
            offset = cut ? end : 0;
        }
    }

    /** How many elements, or beginnings of one, fit a packet of that size; {@link #bytes} says how much of each. */
    private int plan(int first, int offset, int size) {
        int room = size - 1;
        int number = 0;
        for (int i = first; i < units.count() && number < MOST_TOGETHER; i++) {
            int left = units.size(i) - (i == first ? offset : 0);
            int length = number == 0 ? 0 : Leb128.size(bytes[number - 1]); // the one before is not the last any more
            if (room - length <= 0) {
                return number;
            }
            bytes[number] = Math.min(left, room - length);
            room -= length + bytes[number];
            number++;
            if (bytes[number - 1] < left) {
                return number;
            }
        }
        return number;
    }
}
