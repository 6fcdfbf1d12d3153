// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

/**
 * Which of a receiver's wishes for a key frame the encoder hears. The cheapest answer is the key frame that is on its way
 * already: a wish from a receiver that has not seen the last one is met by that. Another wish waits until the path had time
 * for four times what the last one took, and is never forgotten before a key frame was sent. One thread at a time.
 */
final class KeyFrameWishes {

    private static final long LEAST_NANOS = 100_000_000;
    private static final long MOST_NANOS = 2_000_000_000;
    /** A key frame whose end was lost is repaired, or made again, after so long. */
    private static final long REPAIR_NANOS = 250_000_000;

    private boolean wished;
    private long toldAt = Long.MIN_VALUE / 2;
    private long keySentAt = Long.MIN_VALUE / 2;
    private long keyEnd = -1;
    private long keyNanos;

    /** A key frame ends with that packet and takes the path so long. */
    void made(long lastPacket, long nanos, long now) {
        wished = false;
        keyEnd = lastPacket;
        keyNanos = nanos;
        keySentAt = now + nanos;
    }

    /**
     * The receiver wants a key frame and has seen packets up to that one, -1 if it did not say; false if that key frame is
     * on its way.
     */
    boolean wish(long seen, long roundTripNanos, long now) {
        boolean onItsWay = keyEnd >= 0
                && (now - keySentAt < 0
                        || (seen >= 0 && seen < keyEnd && now - keySentAt < 2 * roundTripNanos + REPAIR_NANOS));
        wished |= !onItsWay;
        return !onItsWay;
    }

    /** When {@link #take} has something to say. */
    long due() {
        return wished ? toldAt + Math.clamp(4 * keyNanos, LEAST_NANOS, MOST_NANOS) : Long.MAX_VALUE;
    }

    /** Whether the encoder is to be asked for one now; asked again until it made one. */
    boolean take(long now) {
        boolean due = wished && due() - now <= 0;
        toldAt = due ? now : toldAt;
        return due;
    }
}
