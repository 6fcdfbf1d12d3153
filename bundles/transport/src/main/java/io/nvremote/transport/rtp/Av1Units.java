// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The open bitstream units (OBUs) of a temporal unit in the low-overhead format (AV1 section 5), as RTP has them: without size fields,
 * and without those that don't travel. Grows to the largest number and is used again. One thread at a time.
 */
final class Av1Units {

    static final int TEMPORAL_DELIMITER = 2;
    static final int TILE_LIST = 8;

    static final int EXTENSION = 0x04;
    static final int HAS_SIZE = 0x02;

    private ByteBuffer stream = ByteBuffer.allocate(0);
    /** Where each one's header is, where its payload begins and ends. */
    private int[] headers = new int[16];

    private int[] starts = new int[16];
    private int[] ends = new int[16];
    private int count;
    private final Av1Start begins = new Av1Start();

    static int type(int header) {
        return (header >> 3) & 0x0F;
    }

    /** Finds those from position to limit, and reads from there until the next call. What breaks the format ends them. */
    void find(ByteBuffer unit) {
        stream = unit;
        count = 0;
        begins.reset();
        int limit = unit.limit();
        for (int at = unit.position(); at < limit; ) {
            int header = unit.get(at) & 0xFF;
            int start = at + ((header & EXTENSION) == 0 ? 1 : 2);
            int size = limit - start;
            if ((header & HAS_SIZE) != 0) {
                size = Leb128.read(unit, start, limit);
                start += size < 0 ? 0 : Leb128.length(unit, start);
            }
            if (size < 0 || size > limit - start) {
                return;
            }
            int type = type(header);
            if (type != TEMPORAL_DELIMITER && type != TILE_LIST) {
                add(at, start, start + size);
            }
            begins.note(type, size > 0 ? unit.get(start) & 0xFF : -1);
            at = start + size;
        }
    }

    int count() {
        return count;
    }

    /** Whether decoding can begin here: a sequence header, then a key frame. */
    boolean key() {
        return begins.key();
    }

    /** Bytes of one, header included. */
    int size(int unit) {
        return headerBytes(unit) + ends[unit] - starts[unit];
    }

    /** Copies a part of one; the header says that there is no size field. */
    void copy(int unit, int offset, int bytes, ByteBuffer to) {
        int at = offset;
        int left = bytes;
        for (int header = headerBytes(unit); at < header && left > 0; at++, left--) {
            int octet = stream.get(headers[unit] + at);
            to.put((byte) (at == 0 ? octet & ~HAS_SIZE : octet));
        }
        to.put(to.position(), stream, starts[unit] + at - headerBytes(unit), left);
        to.position(to.position() + left);
    }

    private int headerBytes(int unit) {
        return (stream.get(headers[unit]) & EXTENSION) == 0 ? 1 : 2;
    }

    private void add(int header, int start, int end) {
        if (count == headers.length) {
            headers = Arrays.copyOf(headers, 2 * count);
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        headers[count] = header;
        starts[count] = start;
        ends[count++] = end;
    }
}
