// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;

/** Reads compound RTCP packets, also reduced ones (RFC 5506). Everything in them is checked before it is told. */
final class RtcpReader {

    private RtcpReader() {}

    /** What a compound said, part by part, in its order. Parts that nobody asked for do nothing. */
    interface Visitor {

        default void senderReport(int ssrc, long ntp, int timestamp) {}

        default void reportBlock(RtcpWriter.ReportBlock block) {}

        /** One item of a generic NACK: a packet, and one bit for each of the 16 behind it. */
        default void nack(int media, int packet, int mask) {}

        default void pictureLoss(int media) {}

        default void echoRequest(long asked) {}

        default void echoReply(long asked, long came, long went, boolean anySent, int lastSequence) {}

        /** The newest packet, how long ago it came, and bytes and microseconds of trains so far, both modulo 2^32. */
        default void arrival(int sequence, long heldNanos, int trainBytes, int trainMicros) {}

        /** The receiver can't go on from the unit of that sequence, the last one that it handed over. */
        default void stuckAfter(long sequence) {}

        default void bye(int ssrc) {}
    }

    /** Reads position to limit; false, with nothing told, if it is not a whole compound. */
    static boolean read(ByteBuffer in, Visitor to) {
        int end = in.limit();
        int at = in.position();
        if (at == end) {
            return false;
        }
        while (at < end) {
            if (end - at < 8 || (in.get(at) & 0xC0) != 0x80 || ((in.get(at) & 0x20) != 0 && after(in, at) != end)) {
                return false;
            }
            at = after(in, at);
        }
        if (at != end) {
            return false;
        }
        boolean good = true;
        for (at = in.position(); at < end; at = after(in, at)) {
            good &= part(in, at, after(in, at), to);
        }
        return good;
    }

    private static int after(ByteBuffer in, int at) {
        return at + 4 + 4 * (in.getShort(at + 2) & 0xFFFF);
    }

    private static boolean part(ByteBuffer in, int at, int end, Visitor to) {
        int count = in.get(at) & 0x1F;
        return switch (in.get(at + 1) & 0xFF) {
            case RtcpWriter.SR -> senderReport(in, at, end, count, to);
            case RtcpWriter.RR -> blocks(in, at + 8, end, count, to);
            case RtcpWriter.RTPFB -> count != 1 || nacks(in, at, end, to);
            case RtcpWriter.PSFB -> keyFrame(in, at, end, count, to);
            case RtcpWriter.APP -> application(in, at, end, count, to);
            case RtcpWriter.BYE -> bye(in, at, end, count, to);
            default -> true;
        };
    }

    private static boolean senderReport(ByteBuffer in, int at, int end, int count, Visitor to) {
        if (end - at < 28) {
            return false;
        }
        to.senderReport(in.getInt(at + 4), in.getLong(at + 8), in.getInt(at + 16));
        return blocks(in, at + 28, end, count, to);
    }

    private static boolean blocks(ByteBuffer in, int first, int end, int count, Visitor to) {
        if (end - first < 24 * count) {
            return false;
        }
        for (int at = first; at < first + 24 * count; at += 24) {
            to.reportBlock(new RtcpWriter.ReportBlock(
                    in.getInt(at),
                    in.get(at + 4) & 0xFF,
                    in.getInt(at + 4) << 8 >> 8,
                    in.getInt(at + 8),
                    in.getInt(at + 12),
                    in.getInt(at + 16),
                    in.getInt(at + 20)));
        }
        return true;
    }

    private static boolean nacks(ByteBuffer in, int at, int end, Visitor to) {
        if (end - at < 16) {
            return false;
        }
        int media = in.getInt(at + 8);
        for (int item = at + 12; item < end; item += 4) {
            to.nack(media, in.getShort(item) & 0xFFFF, in.getShort(item + 2) & 0xFFFF);
        }
        return true;
    }

    /** Picture loss indication, or the full intra request of RFC 5104 section 4.3.1, which names its source later. */
    private static boolean keyFrame(ByteBuffer in, int at, int end, int format, Visitor to) {
        if (format == 1 && end - at >= 12) {
            to.pictureLoss(in.getInt(at + 8));
            return true;
        }
        if (format == 4 && end - at >= 20) {
            to.pictureLoss(in.getInt(at + 12));
            return true;
        }
        return format != 1 && format != 4;
    }

    private static boolean application(ByteBuffer in, int at, int end, int subtype, Visitor to) {
        if (end - at < 12) {
            return false;
        }
        if (in.getInt(at + 8) != RtcpWriter.ECHO) {
            return true;
        }
        if (subtype == 0 && end - at == 20) {
            to.echoRequest(in.getLong(at + 12));
            return true;
        }
        if (subtype == 1 && end - at == 40) {
            boolean any = in.getShort(at + 36) == 0;
            to.echoReply(
                    in.getLong(at + 12), in.getLong(at + 20), in.getLong(at + 28), any, in.getShort(at + 38) & 0xFFFF);
            return true;
        }
        if (subtype == 2 && end - at == 28) {
            long held = (in.getInt(at + 16) & 0xFFFF_FFFFL) * 1000;
            to.arrival(in.getInt(at + 12) & 0xFFFF, held, in.getInt(at + 20), in.getInt(at + 24));
            return true;
        }
        if (subtype == 3 && end - at == 20) {
            to.stuckAfter(in.getLong(at + 12));
            return true;
        }
        return false;
    }

    private static boolean bye(ByteBuffer in, int at, int end, int count, Visitor to) {
        if (end - at < 4 + 4 * count) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            to.bye(in.getInt(at + 4 + 4 * i));
        }
        return true;
    }
}
