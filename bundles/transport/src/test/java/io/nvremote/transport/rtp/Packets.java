// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Payloads for tests. */
final class Packets {

    private Packets() {}

    /** What a packetizer makes of a unit. */
    static List<byte[]> of(Packetizer packetizer, byte[] unit, int room) {
        List<byte[]> payloads = new ArrayList<>();
        packetizer.packetize(ByteBuffer.wrap(unit), new Packetizer.Output() {
            @Override
            public ByteBuffer open() {
                return ByteBuffer.allocate(room);
            }

            @Override
            public void close(ByteBuffer packet) {
                payloads.add(Units.copy(packet.flip()));
            }
        });
        return payloads;
    }

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }
}
