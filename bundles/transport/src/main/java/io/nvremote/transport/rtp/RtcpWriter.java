// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes compound RTCP packets (RFC 3550 section 6, RFC 4585 section 6) into one buffer. One thread at a time. */
final class RtcpWriter {

    static final int SR = 200;
    static final int RR = 201;
    static final int SDES = 202;
    static final int BYE = 203;
    static final int APP = 204;
    static final int RTPFB = 205;
    static final int PSFB = 206;
    /** The name of our APP packets: "NVCK". */
    static final int ECHO = 0x4E56434B;

    /** A compound stays below the smallest packet that a stream may ask for. */
    static final int MAX_BYTES = 512;

    private final ByteBuffer out = ByteBuffer.allocate(MAX_BYTES);
    private final int ssrc;
    private final byte[] cname;

    RtcpWriter(int ssrc, String cname) {
        this.ssrc = ssrc;
        this.cname = cname.getBytes(StandardCharsets.US_ASCII);
    }

    /** What a receiver says about one source (RFC 3550 section 6.4.1). */
    record ReportBlock(int ssrc, int fraction, int lost, int highest, int jitter, int lastReport, int delay) {}

    /** Begins a compound with a sender report. */
    RtcpWriter senderReport(long ntp, int timestamp, long packets, long bytes) {
        out.clear();
        header(0, SR, 24).putLong(ntp).putInt(timestamp).putInt((int) packets).putInt((int) bytes);
        return description();
    }

    /** Begins a compound with a receiver report; {@code block} is null while nothing was received. */
    RtcpWriter receiverReport(@Nullable ReportBlock block) {
        out.clear();
        header(block == null ? 0 : 1, RR, block == null ? 4 : 28);
        if (block != null) {
            out.putInt(block.ssrc)
                    .putInt((block.fraction << 24) | (block.lost & 0xFFFFFF))
                    .putInt(block.highest)
                    .putInt(block.jitter)
                    .putInt(block.lastReport)
                    .putInt(block.delay);
        }
        return description();
    }

    /** Adds a generic NACK (RFC 4585 section 6.2.1) for {@code count} items, each a packet id and a bit mask. */
    RtcpWriter nack(int media, int[] items, int count) {
        header(1, RTPFB, 8 + 4 * count).putInt(media);
        for (int i = 0; i < count; i++) {
            out.putInt(items[i]);
        }
        return this;
    }

    /** Adds a picture loss indication (RFC 4585 section 6.3.1). */
    RtcpWriter pictureLoss(int media) {
        header(1, PSFB, 8).putInt(media);
        return this;
    }

    /** Adds our clock question. */
    RtcpWriter echoRequest(long asked) {
        header(0, APP, 16).putInt(ECHO).putLong(asked);
        return this;
    }

    /** Adds our answer to a clock question. */
    RtcpWriter echoReply(long asked, long came, long went, boolean anySent, int lastSequence) {
        header(1, APP, 36).putInt(ECHO).putLong(asked).putLong(came).putLong(went);
        out.putShort((short) (anySent ? 0 : 0xFFFF)).putShort((short) (anySent ? lastSequence : 0));
        return this;
    }

    /** Adds when the newest packet came, and how fast packets came one behind the other so far. */
    RtcpWriter arrival(Reception.Arrival arrival) {
        header(2, APP, 24).putInt(ECHO).putInt(arrival.sequence());
        out.putInt((int) (arrival.heldNanos() / 1000))
                .putInt(arrival.trainBytes())
                .putInt(arrival.trainMicros());
        return this;
    }

    /** Adds the sequence of the last unit that was handed over. */
    RtcpWriter stuckAfter(long sequence) {
        header(3, APP, 16).putInt(ECHO).putLong(sequence);
        return this;
    }

    /** Adds a BYE (RFC 3550 section 6.6). */
    RtcpWriter bye() {
        header(1, BYE, 4);
        return this;
    }

    /** The compound, from position to limit; valid until the next one begins. */
    ByteBuffer finish() {
        return out.flip();
    }

    private RtcpWriter description() {
        int text = 4 + 2 + cname.length;
        int padded = (text + 1 + 3) / 4 * 4;
        int end = out.position() + 4 + padded;
        header(1, SDES, padded).put((byte) 1).put((byte) cname.length).put(cname);
        while (out.position() < end) {
            out.put((byte) 0);
        }
        return this;
    }

    /** Header with {@code body} bytes behind it, of which the first four are our own source. */
    private ByteBuffer header(int count, int type, int body) {
        return out.put((byte) (0x80 | count))
                .put((byte) type)
                .putShort((short) (body / 4))
                .putInt(ssrc);
    }
}
