// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

/**
 * Which counters of a session have been seen: a ring of bits behind the highest one (RFC 6479). Wide enough that a
 * switch between paths of different length loses nothing. One thread at a time.
 */
final class ReplayWindow {

    /** Counters this far behind the highest are still taken. */
    static final int SIZE = 8192 - 64;

    private static final int WORDS = 128;

    private final long[] bits = new long[WORDS];
    private long highest = -1;

    /** Whether the counter is new. Changes nothing: a forged packet must not use up a counter. */
    boolean isNew(long counter) {
        if (counter > highest) {
            return true;
        }
        return highest - counter < SIZE && (bits[word(counter)] & (1L << (counter & 63))) == 0;
    }

    /** Marks the counter of an authentic packet; false if it was not new. */
    boolean mark(long counter) {
        if (!isNew(counter)) {
            return false;
        }
        if (counter > highest) {
            long ahead = (counter >>> 6) - (highest < 0 ? -1 : highest >>> 6);
            for (long i = Math.min(ahead, WORDS) - 1; i >= 0; i--) {
                bits[(int) (((counter >>> 6) - i) & (WORDS - 1))] = 0;
            }
            highest = counter;
        }
        bits[word(counter)] |= 1L << (counter & 63);
        return true;
    }

    private static int word(long counter) {
        return (int) (counter >>> 6) & (WORDS - 1);
    }
}
