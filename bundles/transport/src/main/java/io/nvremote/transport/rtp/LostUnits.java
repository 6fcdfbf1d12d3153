// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import org.jspecify.annotations.Nullable;

/**
 * Which units a receiver has lost for good, as the encoder is to hear it: from the oldest that can't be repaired to the
 * newest one sent, since each refers to the one before. What was told once is not told again, unless more was lost. One
 * thread at a time.
 */
final class LostUnits {

    /** Longer than sequence numbers of packets last at any usual rate. */
    private static final int KEPT = 2048;

    /** Units from the first to the last of these sequences. */
    record Loss(long first, long last) {}

    private final long[] firstPackets = new long[KEPT];
    private final long[] sequences = new long[KEPT];
    private int count;
    private int keyFrame;
    private @Nullable Loss waiting;
    private long toldFirst;
    private long toldLast = -1;

    /** A unit was cut into packets from that one on. */
    void sent(long firstPacket, long sequence, boolean key) {
        keyFrame = key ? count : keyFrame;
        firstPackets[count % KEPT] = firstPacket;
        sequences[count % KEPT] = sequence;
        count++;
    }

    /** That packet is lacking and can't be sent again. Nothing is lost by it if a key frame followed. */
    void packet(long number) {
        int low = Math.max(keyFrame, count - KEPT);
        if (count == 0 || number < firstPackets[low % KEPT]) {
            return;
        }
        int high = count - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (firstPackets[middle % KEPT] <= number) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        long sequence = sequences[low % KEPT];
        if (sequence < toldFirst || sequence > toldLast) {
            tell(sequence);
        }
    }

    /** The receiver shows nothing newer than the unit of that sequence, and can't go on. */
    void after(long shown) {
        int oldest = Math.max(0, count - KEPT);
        if (count > oldest && shown < newest()) {
            long first = Math.max(shown + 1, sequences[oldest % KEPT]);
            if (first < toldFirst || newest() > toldLast) {
                tell(first);
            }
        }
    }

    private long newest() {
        return sequences[(count - 1) % KEPT];
    }

    private void tell(long first) {
        Loss before = waiting;
        toldFirst = before == null ? first : Math.min(first, before.first);
        toldLast = newest();
        waiting = new Loss(toldFirst, toldLast);
    }

    /** What is to be told, once; null if nothing. */
    @Nullable
    Loss take() {
        Loss loss = waiting;
        waiting = null;
        return loss;
    }
}
