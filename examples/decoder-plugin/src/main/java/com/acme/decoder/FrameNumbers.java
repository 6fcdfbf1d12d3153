// SPDX-License-Identifier: Apache-2.0
package com.acme.decoder;

import java.nio.ByteBuffer;

/**
 * Notices pictures that never came by the {@code frame_num} of H.264 (ISO/IEC 14496-10 section 7.4.3): FFmpeg fills such gaps with old
 * pictures and says nothing. For streams of the baseline and main profiles with one parameter set at a time; others are believed.
 */
final class FrameNumbers {

    private static final int BELIEVED = -1;

    /** Bits of a {@code frame_num}; 0 before the first parameter set. */
    private int bits;

    private int last;

    private ByteBuffer unit;
    private int at;
    private int bit;

    /** Whether no picture is missing before this unit's. */
    boolean follows(ByteBuffer data) {
        unit = data;
        for (int i = data.position(); i + 4 < data.limit(); i++) {
            if (data.get(i) != 0 || data.get(i + 1) != 0 || data.get(i + 2) != 1) {
                continue;
            }
            int header = data.get(i + 3);
            at = i + 4;
            bit = 0;
            switch (header & 0x1F) {
                case 7 -> parameters();
                case 5 -> {
                    last = 0;
                    return bits != 0;
                }
                case 1 -> {
                    return bits == BELIEVED || (bits > 0 && slice((header & 0x60) != 0));
                }
                default -> {}
            }
        }
        return false;
    }

    private void parameters() {
        int profile = read(8);
        read(16); // constraints, level
        golomb(); // seq_parameter_set_id
        bits = profile == 66 || profile == 77 ? golomb() + 4 : BELIEVED;
    }

    private boolean slice(boolean reference) {
        golomb(); // first_mb_in_slice
        golomb(); // slice_type
        golomb(); // pic_parameter_set_id
        int number = read(bits);
        boolean follows = number == ((last + 1) & ((1 << bits) - 1));
        if (follows && reference) {
            last = number;
        }
        return follows;
    }

    /** An Exp-Golomb number (section 9.1). */
    private int golomb() {
        int zeros = 0;
        while (zeros < 16 && at < unit.limit() && read(1) == 0) {
            zeros++;
        }
        return (1 << zeros) - 1 + read(zeros);
    }

    /** The next bits; zeros behind the end. */
    private int read(int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 1 | (at < unit.limit() ? unit.get(at) >> (7 - bit) & 1 : 0);
            bit = (bit + 1) & 7;
            if (bit == 0) {
                at++;
                if (at < unit.limit() && unit.get(at) == 3 && unit.get(at - 1) == 0 && unit.get(at - 2) == 0) {
                    at++; // keeps start codes apart (section 7.4.1)
                }
            }
        }
        return value;
    }
}
