// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;

/**
 * H.265 by RFC 7798, in decoding order and so without DONL: neighbours as aggregation packets (section 4.4.2), single NAL units
 * (4.4.1), fragmentation units (4.4.3).
 */
final class HevcPacketizer extends NalPacketizer {

    static final int AGGREGATION = 48;
    static final int FRAGMENTATION = 49;

    HevcPacketizer() {
        super(2);
    }

    /** F if one has it, the lowest layer and the lowest temporal id (section 4.4.2). */
    @Override
    void together(NalUnits nals, int first, int number, ByteBuffer packet) {
        int forbidden = 0;
        int layer = 63;
        int temporal = 7;
        for (int i = first; i < first + number; i++) {
            forbidden |= nals.at(i, 0) & 0x80;
            layer = Math.min(layer, ((nals.at(i, 0) & 1) << 5) | (nals.at(i, 1) >> 3));
            temporal = Math.min(temporal, nals.at(i, 1) & 7);
        }
        packet.put((byte) (forbidden | (AGGREGATION << 1) | (layer >> 5)));
        packet.put((byte) (((layer & 0x1F) << 3) | temporal));
    }

    @Override
    void fragment(NalUnits nals, int nal, boolean starts, boolean ends, ByteBuffer packet) {
        int header = nals.at(nal, 0);
        packet.put((byte) ((header & 0x81) | (FRAGMENTATION << 1)));
        packet.put((byte) nals.at(nal, 1));
        packet.put((byte) ((starts ? 0x80 : 0) | (ends ? 0x40 : 0) | ((header >> 1) & 0x3F)));
    }
}
