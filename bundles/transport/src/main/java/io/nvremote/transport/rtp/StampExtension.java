// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.media.StageStamps;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The header extension on the first packet of a unit (RFC 8285); its layout is on the package page. */
final class StampExtension {

    /** Profile and length words, element header, 33 bytes of element, one of padding. */
    static final int BYTES = 40;

    private static final int PROFILE = 0x1000;
    private static final int ID = 1;
    private static final int LENGTH = 33;
    private static final int ABSENT = Integer.MIN_VALUE;
    private static final int SENT_AT = 4 + 2 + 29;

    private StampExtension() {}

    /** What an extension said. */
    record Reading(boolean key, long sequence, StageStamps stamps) {}

    /** Writes the whole extension at the buffer's position; the sent stamp follows by {@link #sent}. */
    static void write(ByteBuffer out, boolean key, long sequence, StageStamps stamps, long now) {
        boolean captured = stamps.capturedNanos() != 0;
        long base = captured ? stamps.capturedNanos() : now;
        out.putShort((short) PROFILE)
                .putShort((short) (BYTES / 4 - 1))
                .put((byte) ID)
                .put((byte) LENGTH);
        out.put((byte) ((key ? 1 : 0) | (captured ? 2 : 0))).putLong(sequence).putLong(base);
        out.putInt(after(base, stamps.shownNanos()))
                .putInt(after(base, stamps.convertedNanos()))
                .putInt(after(base, stamps.encodedNanos()))
                .putInt(ABSENT)
                .put((byte) 0);
    }

    /** Fills in when the packet really went; {@code at} is where the extension begins. */
    static void sent(ByteBuffer packet, int at, long now) {
        packet.putInt(at + SENT_AT, after(packet.getLong(at + 4 + 2 + 9), now));
    }

    /** Reads the element; null if the packet has none, or one that is not ours. */
    static @Nullable Reading read(ByteBuffer in, RtpHeader header) {
        if (header.extensionLength < BYTES - 4 || (header.extensionProfile & 0xFFF0) != PROFILE) {
            return null;
        }
        int at = header.extensionAt;
        if (in.get(at) != ID || in.get(at + 1) != LENGTH) {
            return null;
        }
        at += 2;
        int flags = in.get(at);
        long base = in.getLong(at + 9);
        StageStamps stamps = new StageStamps(
                absolute(base, in.getInt(at + 17)),
                (flags & 2) != 0 ? base : 0,
                absolute(base, in.getInt(at + 21)),
                absolute(base, in.getInt(at + 25)),
                absolute(base, in.getInt(at + 29)));
        return new Reading((flags & 1) != 0, in.getLong(at + 1), stamps);
    }

    private static int after(long base, long stamp) {
        return stamp == 0 ? ABSENT : Math.clamp(stamp - base, -Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    private static long absolute(long base, int delta) {
        return delta == ABSENT ? 0 : base + delta;
    }
}
