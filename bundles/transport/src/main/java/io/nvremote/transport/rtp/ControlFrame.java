// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;

/**
 * The datagram of a control channel, big-endian.
 *
 * <pre>
 *  0 magic 0xC7   1 version 1   2..3 zero
 *  4 from: the sender's connection id, never 0      8 to: the receiver's, 0 while the sender does not know it
 * 12 acknowledged: the next fragment expected       16..23 bit i: fragment acknowledged+1+i is here too
 * 24 fragments, each: number (4), flags (1: bit 0 first of a message, bit 1 last), zero (1), length (2), bytes
 * </pre>
 */
final class ControlFrame {

    static final int HEADER = 24;
    static final int FRAGMENT_HEADER = 8;
    /** Fits every tunnel: an inner packet of 1200 bytes less its headers, and a margin. */
    static final int MAX_BYTES = 1152;

    static final int MAX_FRAGMENT = MAX_BYTES - HEADER - FRAGMENT_HEADER;
    static final int FIRST = 1;
    static final int LAST = 2;

    private static final short MAGIC = (short) 0xC701;

    private ControlFrame() {}

    static void header(ByteBuffer out, int from, int to, int acknowledged, long selective) {
        out.clear()
                .putShort(MAGIC)
                .putShort((short) 0)
                .putInt(from)
                .putInt(to)
                .putInt(acknowledged)
                .putLong(selective);
    }

    static void fragment(ByteBuffer out, int number, int flags, byte[] message, int offset, int length) {
        out.putInt(number)
                .put((byte) flags)
                .put((byte) 0)
                .putShort((short) length)
                .put(message, offset, length);
    }

    /** Whether position to limit is a whole datagram; its first fragment, if any, is at {@code HEADER}. */
    static boolean valid(ByteBuffer in) {
        int at = in.position();
        int end = in.limit();
        if (end - at < HEADER || end - at > MAX_BYTES || in.getShort(at) != MAGIC || in.getInt(at + 4) == 0) {
            return false;
        }
        at += HEADER;
        while (at != end) {
            if (end - at < FRAGMENT_HEADER || end - at < FRAGMENT_HEADER + length(in, at)) {
                return false;
            }
            at += FRAGMENT_HEADER + length(in, at);
        }
        return true;
    }

    static int from(ByteBuffer in) {
        return in.getInt(in.position() + 4);
    }

    static int to(ByteBuffer in) {
        return in.getInt(in.position() + 8);
    }

    static int acknowledged(ByteBuffer in) {
        return in.getInt(in.position() + 12);
    }

    static long selective(ByteBuffer in) {
        return in.getLong(in.position() + 16);
    }

    static int number(ByteBuffer in, int at) {
        return in.getInt(at);
    }

    static int flags(ByteBuffer in, int at) {
        return in.get(at + 4);
    }

    static int length(ByteBuffer in, int at) {
        return in.getShort(at + 6) & 0xFFFF;
    }
}
