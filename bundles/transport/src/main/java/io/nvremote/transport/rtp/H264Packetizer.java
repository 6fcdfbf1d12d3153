// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts an H.264 access unit into RTP payloads by RFC 6184, packetisation mode 1: neighbours that fit together as STAP-A
 * (section 5.7.1), what fits alone as it is (5.6), the rest as FU-A (5.8). One thread at a time.
 */
final class H264Packetizer implements Packetizer {

    private static final int STAP_A = 24;
    private static final int FU_A = 28;

    private int[] starts = new int[32];
    private int[] ends = new int[32];
    private int count;

    /** Hands over the payloads of position to limit of an Annex B byte stream; none if it has no NAL unit. */
    @Override
    public void packetize(ByteBuffer unit, Output out) {
        index(unit);
        for (int i = 0; i < count; ) {
            ByteBuffer packet = out.open();
            int together = together(i, packet.remaining());
            if (together > 1) {
                aggregate(unit, i, together, packet);
                out.close(packet);
            } else if (size(i) <= packet.remaining()) {
                copy(unit, starts[i], size(i), packet);
                out.close(packet);
            } else {
                fragment(unit, i, packet, out);
            }
            i += together;
        }
    }

    /** How many NAL units from {@code first} on fit one STAP-A; 1 if it is alone. */
    private int together(int first, int room) {
        int bytes = 1;
        int i = first;
        while (i < count && bytes + 2 + size(i) <= room) {
            bytes += 2 + size(i);
            i++;
        }
        return Math.max(1, i - first);
    }

    private void aggregate(ByteBuffer unit, int first, int number, ByteBuffer packet) {
        int forbidden = 0;
        int importance = 0;
        for (int i = first; i < first + number; i++) {
            forbidden |= unit.get(starts[i]) & 0x80;
            importance = Math.max(importance, unit.get(starts[i]) & 0x60);
        }
        packet.put((byte) (forbidden | importance | STAP_A));
        for (int i = first; i < first + number; i++) {
            packet.putShort((short) size(i));
            copy(unit, starts[i], size(i), packet);
        }
    }

    private void fragment(ByteBuffer unit, int nal, ByteBuffer opened, Output out) {
        int header = unit.get(starts[nal]) & 0xFF;
        int at = starts[nal] + 1;
        ByteBuffer packet = opened;
        int position = 0x80;
        while (true) {
            int bytes = Math.min(packet.remaining() - 2, ends[nal] - at);
            if (at + bytes == ends[nal]) {
                position |= 0x40;
            }
            packet.put((byte) ((header & 0xE0) | FU_A)).put((byte) (position | (header & 0x1F)));
            copy(unit, at, bytes, packet);
            out.close(packet);
            at += bytes;
            if (at == ends[nal]) {
                return;
            }
            position = 0;
            packet = out.open();
        }
    }

    private int size(int nal) {
        return ends[nal] - starts[nal];
    }

    private static void copy(ByteBuffer from, int at, int bytes, ByteBuffer to) {
        to.put(to.position(), from, at, bytes);
        to.position(to.position() + bytes);
    }

    /** Finds the NAL units between start codes (H.264 Annex B); zero bytes around them belong to none. */
    private void index(ByteBuffer unit) {
        count = 0;
        int limit = unit.limit();
        int start = -1;
        int i = unit.position();
        while (i + 2 < limit) {
            int third = unit.get(i + 2);
            if (third != 0 && third != 1) {
                i += 3;
            } else if (third == 1 && unit.get(i) == 0 && unit.get(i + 1) == 0) {
                add(unit, start, i);
                start = i + 3;
                i += 3;
            } else {
                i++;
            }
        }
        add(unit, start, limit);
    }

    private void add(ByteBuffer unit, int start, int behind) {
        int end = behind;
        while (start >= 0 && end > start && unit.get(end - 1) == 0) {
            end--;
        }
        if (start < 0 || end == start) {
            return;
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        starts[count] = start;
        ends[count++] = end;
    }
}
