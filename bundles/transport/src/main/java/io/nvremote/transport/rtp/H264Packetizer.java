// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;

/**
 * H.264 by RFC 6184, packetisation mode 1: neighbours as STAP-A (section 5.7.1), single NAL units (5.6), fragments as FU-A (5.8).
 */
final class H264Packetizer extends NalPacketizer {

    private static final int STAP_A = 24;
    private static final int FU_A = 28;

    H264Packetizer() {
        super(1);
    }

    @Override
    void together(NalUnits nals, int first, int number, ByteBuffer packet) {
        int forbidden = 0;
        int importance = 0;
        for (int i = first; i < first + number; i++) {
            forbidden |= nals.at(i, 0) & 0x80;
            importance = Math.max(importance, nals.at(i, 0) & 0x60);
        }
        packet.put((byte) (forbidden | importance | STAP_A));
    }

    @Override
    void fragment(NalUnits nals, int nal, boolean starts, boolean ends, ByteBuffer packet) {
        int header = nals.at(nal, 0);
        packet.put((byte) ((header & 0xE0) | FU_A));
        packet.put((byte) ((starts ? 0x80 : 0) | (ends ? 0x40 : 0) | (header & 0x1F)));
    }
}
