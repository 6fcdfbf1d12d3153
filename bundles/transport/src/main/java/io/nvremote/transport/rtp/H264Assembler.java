// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;

/** H.264 by RFC 6184, modes 0 and 1. */
final class H264Assembler extends NalAssembler {

    private static final int IDR = 5;
    private static final int SPS = 7;
    private static final int STAP_A = 24;
    private static final int FU_A = 28;

    H264Assembler() {
        super(1, STAP_A, FU_A);
    }

    @Override
    int type(byte first) {
        return first & 0x1F;
    }

    @Override
    int fragmentType(int fragmentHeader) {
        return fragmentHeader & 0x1F;
    }

    @Override
    void header(byte[] payload, int type, ByteBuffer to) {
        to.put((byte) ((payload[0] & 0xE0) | type));
    }

    @Override
    boolean single(int type) {
        return type > 0 && type < STAP_A;
    }

    @Override
    boolean beginsDecoding(int type) {
        return type == IDR;
    }

    @Override
    boolean describesSequence(int type) {
        return type == SPS;
    }
}
