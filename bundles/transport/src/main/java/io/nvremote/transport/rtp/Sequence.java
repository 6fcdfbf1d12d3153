// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

/** Sixteen-bit RTP sequence numbers as ever-rising longs, so that no other code knows about wrap-around. */
final class Sequence {

    /** What a fresh stream's number is raised by, so that earlier packets still get a positive number. */
    static final long ORIGIN = 1L << 20;

    private Sequence() {}

    /** The number nearest to {@code reference} whose low 16 bits are {@code sequence}. */
    static long unwrap(long reference, int sequence) {
        return reference + (short) (sequence - (int) reference);
    }

    /** The first number of a stream. */
    static long first(int sequence) {
        return ORIGIN + (sequence & 0xFFFF);
    }
}
