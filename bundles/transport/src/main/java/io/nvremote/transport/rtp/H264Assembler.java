// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;

/**
 * Puts RTP payloads (RFC 6184, modes 0 and 1) together to an Annex B byte stream with four-byte start codes. One thread
 * at a time. The result grows once to the size of the largest unit and is used again.
 */
final class H264Assembler implements Assembler {

    private static final int IDR = 5;
    private static final int SPS = 7;
    private static final int STAP_A = 24;
    private static final int FU_A = 28;

    private ByteBuffer unit = ByteBuffer.allocate(0);
    /** Type of the NAL unit whose fragments are coming, or -1. */
    private int open = -1;

    private boolean idr;
    private boolean parameters;

    @Override
    public void begin(ByteBuffer target) {
        unit = target.clear();
        open = -1;
        idr = false;
        parameters = false;
    }

    /** Whether the payload of a packet that begins a unit looks like the beginning of a key frame. */
    static boolean beginsKey(byte[] payload, int length) {
        int type = payload[0] & 0x1F;
        if (type == STAP_A) {
            for (int at = 1; at + 2 < length; at += 2 + bytes(payload, at)) {
                if ((payload[at + 2] & 0x1F) == SPS) {
                    return true;
                }
            }
        }
        return type == SPS;
    }

    @Override
    public boolean add(byte[] payload, int length) {
        int type = payload[0] & 0x1F;
        if (type != FU_A && open >= 0) {
            return false;
        }
        if (type == FU_A) {
            return fragment(payload, length);
        }
        if (type == STAP_A) {
            return aggregate(payload, length);
        }
        return type > 0 && type < STAP_A && nal(payload, 0, length);
    }

    @Override
    public boolean whole() {
        return open < 0 && unit.position() > 0;
    }

    @Override
    public boolean key() {
        return idr && parameters;
    }

    @Override
    public ByteBuffer finish() {
        return unit.flip();
    }

    private boolean aggregate(byte[] payload, int length) {
        int at = 1;
        while (at + 2 < length) {
            int bytes = bytes(payload, at);
            at += 2;
            if (bytes == 0 || at + bytes > length || !nal(payload, at, bytes)) {
                return false;
            }
            at += bytes;
        }
        return at == length && length > 1;
    }

    private boolean fragment(byte[] payload, int length) {
        if (length < 3) {
            return false;
        }
        int header = payload[1] & 0xFF;
        boolean starts = (header & 0x80) != 0;
        boolean ends = (header & 0x40) != 0;
        int type = header & 0x1F;
        if (starts == (open >= 0) || (starts && ends) || (!starts && type != open)) {
            return false;
        }
        if (starts) {
            note(type);
            room(length + 3).putInt(1).put((byte) ((payload[0] & 0xE0) | type));
            open = type;
        }
        room(length).put(payload, 2, length - 2);
        if (ends) {
            open = -1;
        }
        return true;
    }

    private static int bytes(byte[] payload, int at) {
        return (payload[at] & 0xFF) << 8 | (payload[at + 1] & 0xFF);
    }

    private boolean nal(byte[] payload, int at, int bytes) {
        note(payload[at] & 0x1F);
        room(bytes + 4).putInt(1).put(payload, at, bytes);
        return true;
    }

    private void note(int type) {
        idr |= type == IDR;
        parameters |= type == SPS;
    }

    private ByteBuffer room(int bytes) {
        if (unit.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocateDirect(Math.max(2 * unit.capacity(), unit.position() + bytes));
            unit = larger.put(unit.flip());
        }
        return unit;
    }
}
