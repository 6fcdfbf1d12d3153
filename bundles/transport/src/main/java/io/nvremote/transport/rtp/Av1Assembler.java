// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;

/**
 * Puts RTP payloads of AV1 ({@link Av1Packetizer}) together to a temporal unit in the low-overhead format, each OBU with its size, and
 * no temporal delimiter: the marker bit has ended the one before. One thread at a time.
 */
final class Av1Assembler implements Assembler {

    private ByteBuffer unit = ByteBuffer.allocate(0);
    /** The OBU that is on its way, as it came. */
    private ByteBuffer part = ByteBuffer.allocate(1024);

    private final Av1Start begins = new Av1Start();
    private boolean open;

    @Override
    public void begin(ByteBuffer target) {
        unit = target.clear();
        part.clear();
        open = false;
        begins.reset();
    }

    /** Whether the payload of a packet that begins a unit begins a coded video sequence. */
    static boolean beginsKey(byte[] payload, int length) {
        return length > 1 && (payload[0] & Av1Packetizer.NEW_SEQUENCE) != 0;
    }

    @Override
    public boolean add(byte[] payload, int length) {
        boolean goesOn = (payload[0] & Av1Packetizer.GOES_ON) != 0;
        if (length < 2 || goesOn != open) {
            return false;
        }
        int number = (payload[0] >> Av1Packetizer.COUNT_SHIFT) & 3;
        boolean cut = (payload[0] & Av1Packetizer.TO_BE_CONTINUED) != 0;
        ByteBuffer in = ByteBuffer.wrap(payload, 0, length);
        int at = 1;
        for (int i = 1; number == 0 ? at < length : i <= number; i++) {
            int bytes = length - at;
            if (i != number) {
                bytes = Leb128.read(in, at, length);
                at += bytes < 0 ? 0 : Leb128.length(in, at);
            }
            if (bytes <= 0 || bytes > length - at) {
                return false;
            }
            part = Assembler.room(part, bytes).put(payload, at, bytes);
            at += bytes;
            open = cut && at == length;
            if (!open && !ended()) {
                return false;
            }
        }
        return at == length;
    }

    @Override
    public boolean whole() {
        return !open && unit.position() > 0;
    }

    @Override
    public boolean key() {
        return begins.key();
    }

    @Override
    public ByteBuffer finish() {
        return unit.flip();
    }

    /** Takes over the OBU that is complete now; false if it is none. */
    private boolean ended() {
        int header = part.get(0) & 0xFF;
        int headerBytes = (header & Av1Units.EXTENSION) == 0 ? 1 : 2;
        int from = headerBytes;
        int end = part.position();
        if (end < headerBytes) {
            return false;
        }
        if ((header & Av1Units.HAS_SIZE) != 0) { // A sender should not, and may.
            int size = Leb128.read(part, from, end);
            if (size < 0) {
                return false;
            }
            from += Leb128.length(part, from);
            if (size != end - from) {
                return false;
            }
        }
        begins.note(Av1Units.type(header), from < end ? part.get(from) & 0xFF : -1);
        int size = end - from;
        unit = Assembler.room(unit, headerBytes + Leb128.size(size) + size);
        unit.put((byte) (header | Av1Units.HAS_SIZE));
        if (headerBytes == 2) {
            unit.put(part.get(1));
        }
        Leb128.put(size, unit);
        unit.put(unit.position(), part, from, size);
        unit.position(unit.position() + size);
        part.clear();
        return true;
    }
}
