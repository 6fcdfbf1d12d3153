// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import java.util.Arrays;

/**
 * The latest pictures that the encoder may refer to, and which of them the client has not. Each is taken to refer to those before it.
 * Belongs to the encoding thread.
 */
final class References {

    private static final long NONE = -1;

    private final long[] sequences;
    private final long[] timestamps;
    private final boolean[] lost;
    private int count;

    References(int most) {
        sequences = new long[most];
        timestamps = new long[most];
        lost = new boolean[most];
    }

    /** A picture was coded. A key frame refers to nothing, and nothing after it refers to anything before. */
    void coded(long sequence, long timestamp, boolean keyFrame) {
        if (keyFrame) {
            count = 0;
        }
        int place = count++ % sequences.length;
        sequences[place] = sequence;
        timestamps[place] = timestamp;
        lost[place] = false;
    }

    /**
     * The client has lost the pictures from the first to the last of these sequences: time stamps of those that nothing may refer to
     * any more. Empty if that is nothing new, or if none would be left: then a key frame has to do.
     */
    long[] lost(long firstSequence, long lastSequence) {
        int kept = Math.min(count, sequences.length);
        long[] found = new long[kept];
        int size = 0;
        boolean spoilt = false;
        for (int age = kept; age > 0; age--) {
            int place = (count - age) % sequences.length;
            spoilt |= !lost[place] && sequences[place] >= firstSequence && sequences[place] <= lastSequence;
            if (spoilt && !lost[place]) {
                found[size++] = timestamps[place];
            }
        }
        int clean = remaining(kept) - size;
        if (clean == 0 || beganBefore(firstSequence, lastSequence, kept)) {
            return new long[0];
        }
        for (int i = 0; i < size; i++) {
            mark(found[i], kept);
        }
        return Arrays.copyOf(found, size);
    }

    private int remaining(int kept) {
        int clean = 0;
        for (int i = 0; i < kept; i++) {
            clean += lost[i] ? 0 : 1;
        }
        return clean;
    }

    /** Whether a picture was lost that is not kept any more, and that all that are kept refer to. */
    private boolean beganBefore(long firstSequence, long lastSequence, int kept) {
        long oldest = kept == 0 ? NONE : sequences[(count - kept) % sequences.length];
        return count > kept && firstSequence < oldest && lastSequence >= firstSequence;
    }

    private void mark(long timestamp, int kept) {
        for (int i = 0; i < kept; i++) {
            lost[i] |= timestamps[i] == timestamp;
        }
    }
}
