// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.nio.ByteBuffer;

/** Unsigned numbers of variable length, AV1 section 4.10.5, as far as a size can be. */
final class Leb128 {

    /** A size of 28 bits, 256 MiB, is more than any unit's. */
    private static final int LONGEST = 4;

    private Leb128() {}

    static int size(int value) {
        int bytes = 1;
        for (int left = value >>> 7; left != 0; left >>>= 7) {
            bytes++;
        }
        return bytes;
    }

    static void put(int value, ByteBuffer to) {
        int left = value;
        while (left >= 0x80) {
            to.put((byte) (left | 0x80));
            left >>>= 7;
        }
        to.put((byte) left);
    }

    /** The number that begins there; -1 if it does not end before {@code end} or is larger than any size. */
    static int read(ByteBuffer from, int at, int end) {
        int value = 0;
        for (int i = 0; i < LONGEST && at + i < end; i++) {
            int next = from.get(at + i);
            value |= (next & 0x7F) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        return -1;
    }

    /** How many bytes the number takes that begins there and can be {@linkplain #read read}. */
    static int length(ByteBuffer from, int at) {
        int bytes = 1;
        while (from.get(at + bytes - 1) < 0) {
            bytes++;
        }
        return bytes;
    }
}
