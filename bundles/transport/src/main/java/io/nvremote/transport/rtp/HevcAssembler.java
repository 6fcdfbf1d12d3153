// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;

/** H.265 by RFC 7798 without DONL, as {@code sprop-max-don-diff=0} says. */
final class HevcAssembler extends NalAssembler {

    /** IRAP pictures (H.265 table 7-1): BLA, IDR, CRA, reserved. */
    private static final int FIRST_IRAP = 16;

    private static final int LAST_IRAP = 23;
    private static final int VPS = 32;
    private static final int SPS = 33;

    HevcAssembler() {
        super(2, HevcPacketizer.AGGREGATION, HevcPacketizer.FRAGMENTATION);
    }

    @Override
    int type(byte first) {
        return (first >> 1) & 0x3F;
    }

    @Override
    int fragmentType(int fragmentHeader) {
        return fragmentHeader & 0x3F;
    }

    @Override
    void header(byte[] payload, int type, ByteBuffer to) {
        to.put((byte) ((payload[0] & 0x81) | (type << 1))).put(payload[1]);
    }

    @Override
    boolean single(int type) {
        return type < HevcPacketizer.AGGREGATION;
    }

    @Override
    boolean beginsDecoding(int type) {
        return type >= FIRST_IRAP && type <= LAST_IRAP;
    }

    @Override
    boolean describesSequence(int type) {
        return type == VPS || type == SPS;
    }
}
