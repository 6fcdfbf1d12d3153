// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.media.Codec;
import java.nio.ByteBuffer;

/** A codec that is none of the standard ones: its units travel as they are, cut into chunks. */
final class ChunkFormat implements PayloadFormat {

    static final Codec CODEC = new Codec("chunks");

    @Override
    public Codec codec() {
        return CODEC;
    }

    @Override
    public int payloadType() {
        return 110;
    }

    @Override
    public Packetizer packetizer() {
        return (unit, out) -> {
            ByteBuffer left = unit.duplicate();
            while (left.hasRemaining()) {
                ByteBuffer packet = out.open();
                int bytes = Math.min(packet.remaining(), left.remaining());
                packet.put(left.slice(left.position(), bytes));
                left.position(left.position() + bytes);
                out.close(packet);
            }
        };
    }

    @Override
    public Assembler assembler() {
        return new Assembler() {
            private ByteBuffer unit = ByteBuffer.allocate(0);

            @Override
            public void begin(ByteBuffer target) {
                unit = target.clear();
            }

            @Override
            public boolean add(byte[] payload, int length) {
                unit.put(payload, 0, length);
                return true;
            }

            @Override
            public boolean whole() {
                return unit.position() > 0;
            }

            @Override
            public boolean key() {
                return false;
            }

            @Override
            public ByteBuffer finish() {
                return unit.flip();
            }
        };
    }

    @Override
    public boolean beginsKey(byte[] payload, int length) {
        return false;
    }
}
