// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;

/** The header of an RTP packet (RFC 3550 section 5.1), read into fields that are used again. One thread at a time. */
final class RtpHeader {

    static final int BYTES = 12;
    private static final int VERSION = 0x80;
    private static final int EXTENSION = 0x10;
    private static final int PADDING = 0x20;

    int payloadType;
    boolean marker;
    int sequence;
    int timestamp;
    int ssrc;
    /** Absolute index in the datagram, and length without padding. */
    int payloadAt;

    int payloadLength;
    /** Profile, index of the first byte and length of the extension's body; length 0 if there is none. */
    int extensionProfile;

    int extensionAt;
    int extensionLength;

    /** Whether a datagram of a port that carries both is RTCP (RFC 5761 section 4). */
    static boolean isRtcp(ByteBuffer datagram) {
        if (datagram.remaining() < 2) {
            return false;
        }
        int type = datagram.get(datagram.position() + 1) & 0xFF;
        return type >= 192 && type <= 223;
    }

    /** Writes a header at the buffer's position. */
    static void write(ByteBuffer out, boolean extension, int payloadType, int sequence, int timestamp, int ssrc) {
        out.put((byte) (VERSION | (extension ? EXTENSION : 0)))
                .put((byte) payloadType)
                .putShort((short) sequence)
                .putInt(timestamp)
                .putInt(ssrc);
    }

    /** Reads position to limit without moving either; false if it is not a whole RTP packet. */
    boolean parse(ByteBuffer in) {
        int at = in.position();
        int end = in.limit();
        if (end - at < BYTES || (in.get(at) & 0xC0) != VERSION) {
            return false;
        }
        int flags = in.get(at) & 0xFF;
        marker = in.get(at + 1) < 0;
        payloadType = in.get(at + 1) & 0x7F;
        sequence = in.getShort(at + 2) & 0xFFFF;
        timestamp = in.getInt(at + 4);
        ssrc = in.getInt(at + 8);
        int body = at + BYTES + 4 * (flags & 0x0F);
        extensionLength = 0;
        if ((flags & EXTENSION) != 0) {
            if (end - body < 4) {
                return false;
            }
            extensionProfile = in.getShort(body) & 0xFFFF;
            extensionLength = 4 * (in.getShort(body + 2) & 0xFFFF);
            extensionAt = body + 4;
            body = extensionAt + extensionLength;
        }
        int padding = (flags & PADDING) != 0 ? in.get(end - 1) & 0xFF : 0;
        boolean padded = (flags & PADDING) == 0 || padding > 0;
        payloadAt = body;
        payloadLength = end - padding - body;
        return padded && payloadLength > 0;
    }
}
