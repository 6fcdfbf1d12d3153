// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.media.Codec;

/** H.264 by RFC 6184. */
final class H264Format implements PayloadFormat {

    private final H264Assembler heads = new H264Assembler();

    @Override
    public Codec codec() {
        return Codec.H264;
    }

    @Override
    public int payloadType() {
        return 96;
    }

    @Override
    public Packetizer packetizer() {
        return new H264Packetizer();
    }

    @Override
    public Assembler assembler() {
        return new H264Assembler();
    }

    @Override
    public boolean beginsKey(byte[] payload, int length) {
        return heads.beginsKey(payload, length);
    }
}
