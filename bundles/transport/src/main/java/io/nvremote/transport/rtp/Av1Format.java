// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.media.Codec;

/** AV1 by the RTP Payload Format For AV1. */
final class Av1Format implements PayloadFormat {

    @Override
    public Codec codec() {
        return Codec.AV1;
    }

    @Override
    public int payloadType() {
        return 100;
    }

    @Override
    public Packetizer packetizer() {
        return new Av1Packetizer();
    }

    @Override
    public Assembler assembler() {
        return new Av1Assembler();
    }

    @Override
    public boolean beginsKey(byte[] payload, int length) {
        return Av1Assembler.beginsKey(payload, length);
    }
}
