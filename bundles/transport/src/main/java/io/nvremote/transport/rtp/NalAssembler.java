// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;

/**
 * Puts RTP payloads with NAL units together to an Annex B byte stream with four-byte start codes, as RFC 6184 and RFC 7798 do alike.
 * How the headers look is each codec's. One thread at a time. The result grows once to the size of the largest unit and is used
 * again.
 */
abstract sealed class NalAssembler implements Assembler permits H264Assembler, HevcAssembler {

    private final int headerBytes;
    private final int aggregation;
    private final int fragmentation;

    private ByteBuffer unit = ByteBuffer.allocate(0);
    /** Type of the NAL unit whose fragments are coming, or -1. */
    private int open = -1;

    private boolean picture;
    private boolean parameters;

    /**
     * @param headerBytes of a NAL unit
     * @param aggregation type of a payload of several
     * @param fragmentation type of a payload with a fragment
     */
    NalAssembler(int headerBytes, int aggregation, int fragmentation) {
        this.headerBytes = headerBytes;
        this.aggregation = aggregation;
        this.fragmentation = fragmentation;
    }

    /** The type of a NAL unit by the first byte of its header. */
    abstract int type(byte first);

    /** The bits of a fragment's header that are its NAL unit's type. */
    abstract int fragmentType(int fragmentHeader);

    /** Puts the header of the NAL unit that a fragment is the first of. */
    abstract void header(byte[] payload, int type, ByteBuffer to);

    /** Whether a NAL unit may travel by this type. */
    abstract boolean single(int type);

    /** Whether decoding can begin with such a picture. */
    abstract boolean beginsDecoding(int type);

    /** Whether it is a parameter set that a key frame begins with. */
    abstract boolean describesSequence(int type);

    @Override
    public final void begin(ByteBuffer target) {
        unit = target.clear();
        open = -1;
        picture = false;
        parameters = false;
    }

    @Override
    public final boolean add(byte[] payload, int length) {
        if (length < headerBytes) {
            return false;
        }
        int type = type(payload[0]);
        if (type == fragmentation) {
            return fragment(payload, length);
        }
        if (open >= 0) {
            return false;
        }
        if (type == aggregation) {
            return aggregate(payload, length);
        }
        return single(type) && nal(payload, 0, length);
    }

    @Override
    public final boolean whole() {
        return open < 0 && unit.position() > 0;
    }

    @Override
    public final boolean key() {
        return picture && parameters;
    }

    @Override
    public final ByteBuffer finish() {
        return unit.flip();
    }

    /** Whether the payload of a packet that begins a unit looks like the beginning of a key frame. Touches no unit. */
    final boolean beginsKey(byte[] payload, int length) {
        if (length < headerBytes) {
            return false;
        }
        int type = type(payload[0]);
        if (type == aggregation) {
            for (int at = headerBytes; at + 2 < length; at += 2 + bytes(payload, at)) {
                if (describesSequence(type(payload[at + 2]))) {
                    return true;
                }
            }
        }
        return describesSequence(type);
    }

    private boolean aggregate(byte[] payload, int length) {
        int at = headerBytes;
        while (at + 2 < length) {
            int bytes = bytes(payload, at);
            at += 2;
            if (bytes < headerBytes || at + bytes > length || !nal(payload, at, bytes)) {
                return false;
            }
            at += bytes;
        }
        return at == length && at > headerBytes;
    }

    private boolean fragment(byte[] payload, int length) {
        if (length < headerBytes + 2) {
            return false;
        }
        int header = payload[headerBytes] & 0xFF;
        boolean starts = (header & 0x80) != 0;
        boolean ends = (header & 0x40) != 0;
        int type = fragmentType(header);
        if (starts == (open >= 0) || (starts && ends) || (!starts && type != open)) {
            return false;
        }
        if (starts) {
            note(type);
            header(payload, type, room(length + 4).putInt(1));
            open = type;
        }
        room(length).put(payload, headerBytes + 1, length - headerBytes - 1);
        if (ends) {
            open = -1;
        }
        return true;
    }

    private static int bytes(byte[] payload, int at) {
        return ((payload[at] & 0xFF) << 8) | (payload[at + 1] & 0xFF);
    }

    private boolean nal(byte[] payload, int at, int bytes) {
        note(type(payload[at]));
        room(bytes + 4).putInt(1).put(payload, at, bytes);
        return true;
    }

    private void note(int type) {
        picture |= beginsDecoding(type);
        parameters |= describesSequence(type);
    }

    private ByteBuffer room(int bytes) {
        unit = Assembler.room(unit, bytes);
        return unit;
    }
}
