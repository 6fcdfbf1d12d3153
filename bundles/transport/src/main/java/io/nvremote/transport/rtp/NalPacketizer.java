// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;

/**
 * Cuts a unit of NAL units into RTP payloads as RFC 6184 and RFC 7798 do alike: neighbours that fit travel together, what fits alone
 * as it is, the rest in fragments. How the headers look is each codec's. One thread at a time.
 */
abstract sealed class NalPacketizer implements Packetizer permits H264Packetizer, HevcPacketizer {

    private final NalUnits nals = new NalUnits();
    private final int headerBytes;

    /** @param headerBytes of a NAL unit, and of a packet of several */
    NalPacketizer(int headerBytes) {
        this.headerBytes = headerBytes;
    }

    /** Puts the header of a packet with these neighbours. */
    abstract void together(NalUnits nals, int first, int number, ByteBuffer packet);

    /** Puts the header of a packet with a fragment. */
    abstract void fragment(NalUnits nals, int nal, boolean starts, boolean ends, ByteBuffer packet);

    /** Hands over the payloads of position to limit of an Annex B byte stream; none if it has no NAL unit. */
    @Override
    public final void packetize(ByteBuffer unit, Output out) {
        nals.find(unit);
        for (int i = 0; i < nals.count(); ) {
            ByteBuffer packet = out.open();
            int number = together(i, packet.remaining());
            if (number > 1) {
                together(nals, i, number, packet);
                for (int each = i; each < i + number; each++) {
                    packet.putShort((short) nals.size(each));
                    nals.copy(each, 0, nals.size(each), packet);
                }
                out.close(packet);
            } else if (nals.size(i) <= packet.remaining()) {
                nals.copy(i, 0, nals.size(i), packet);
                out.close(packet);
            } else {
                fragments(i, packet, out);
            }
            i += number;
        }
    }

    /** How many NAL units from {@code first} on fit one packet together; 1 if it is alone. */
    private int together(int first, int room) {
        int bytes = headerBytes;
        int i = first;
        while (i < nals.count() && bytes + 2 + nals.size(i) <= room) {
            bytes += 2 + nals.size(i);
            i++;
        }
        return Math.max(1, i - first);
    }

    private void fragments(int nal, ByteBuffer opened, Output out) {
        ByteBuffer packet = opened;
        int size = nals.size(nal);
        for (int at = headerBytes; at < size; ) {
            int bytes = Math.min(packet.remaining() - headerBytes - 1, size - at);
            fragment(nals, nal, at == headerBytes, at + bytes == size, packet);
            nals.copy(nal, at, bytes, packet);
            out.close(packet);
            at += bytes;
            if (at < size) {
                packet = out.open();
            }
        }
    }
}
