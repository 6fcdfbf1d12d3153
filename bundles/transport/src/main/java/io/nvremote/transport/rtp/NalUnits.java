// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The NAL units of a byte stream with start codes (H.264 and H.265 Annex B): zero bytes around them belong to none. Grows to the
 * largest number and is used again. One thread at a time.
 */
final class NalUnits {

    private ByteBuffer stream = ByteBuffer.allocate(0);
    private int[] starts = new int[32];
    private int[] ends = new int[32];
    private int count;

    /** Finds those from position to limit, and reads from there until the next call. */
    void find(ByteBuffer unit) {
        stream = unit;
        count = 0;
        int limit = unit.limit();
        int start = -1;
        int i = unit.position();
        while (i + 2 < limit) {
            int third = unit.get(i + 2);
            if (third != 0 && third != 1) {
                i += 3;
            } else if (third == 1 && unit.get(i) == 0 && unit.get(i + 1) == 0) {
                add(start, i);
                start = i + 3;
                i += 3;
            } else {
                i++;
            }
        }
        add(start, limit);
    }

    int count() {
        return count;
    }

    int size(int nal) {
        return ends[nal] - starts[nal];
    }

    /** One of its bytes, the first being 0. */
    int at(int nal, int offset) {
        return stream.get(starts[nal] + offset) & 0xFF;
    }

    void copy(int nal, int offset, int bytes, ByteBuffer to) {
        to.put(to.position(), stream, starts[nal] + offset, bytes);
        to.position(to.position() + bytes);
    }

    private void add(int start, int behind) {
        int end = behind;
        while (start >= 0 && end > start && stream.get(end - 1) == 0) {
            end--;
        }
        if (start < 0 || end == start) {
            return;
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        starts[count] = start;
        ends[count++] = end;
    }
}
