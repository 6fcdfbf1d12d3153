// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.media.Codec;

/** H.265 by RFC 7798. */
final class HevcFormat implements PayloadFormat {

    private final HevcAssembler heads = new HevcAssembler();

    @Override
    public Codec codec() {
        return Codec.HEVC;
    }

    @Override
    public int payloadType() {
        return 98;
    }

    @Override
    public Packetizer packetizer() {
        return new HevcPacketizer();
    }

    @Override
    public Assembler assembler() {
        return new HevcAssembler();
    }

    @Override
    public boolean beginsKey(byte[] payload, int length) {
        return heads.beginsKey(payload, length);
    }
}
