// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode.software;

import java.nio.ByteBuffer;

/**
 * Notices pictures that never came, by the {@code frame_num} of H.264 slice headers (ISO/IEC 14496-10 section 7.4.3).
 * Needed since encoders allow gaps (openh264 does), and FFmpeg then fills them with old pictures and says nothing.
 * Streams with one sequence parameter set at a time, as all of ours are. Not safe for several threads at once.
 */
final class FrameNumbers {

    private static final int SLICE = 1;
    private static final int IDR = 5;
    private static final int SPS = 7;

    /** Said of a parameter set whose rest is not read (scaling matrices): its stream is believed as it comes. */
    private static final int UNKNOWN = -1;

    /** Bits of a {@code frame_num}; 0 before the first parameter set. */
    private int bits;

    private int lastReference;

    /** Whether the unit's picture follows the last reference picture seen. False as well if the unit holds none. */
    boolean follows(ByteBuffer unit) {
        int at = unit.position();
        while ((at = nextNal(unit, at)) >= 0) {
            int header = unit.get(at);
            int type = header & 0x1F;
            if (type == SPS) {
                bits = frameNumberBits(new NalReader(unit, at + 4));
            } else if (type == IDR) {
                lastReference = 0;
                return bits != 0;
            } else if (type == SLICE) {
                return bits == UNKNOWN || (bits > 0 && sliceFollows(new NalReader(unit, at + 1), (header & 0x60) != 0));
            }
        }
        return false;
    }

    private boolean sliceFollows(NalReader slice, boolean reference) {
        slice.unsigned(); // first_mb_in_slice
        slice.unsigned(); // slice_type
        slice.unsigned(); // pic_parameter_set_id
        int number = slice.bits(bits);
        int next = (lastReference + 1) & ((1 << bits) - 1);
        boolean follows = number == next;
        if (follows && reference) {
            lastReference = number;
        }
        return follows;
    }

    /** {@code log2_max_frame_num} of a sequence parameter set, read from behind its profile and level. */
    private static int frameNumberBits(NalReader sps) {
        int profile = sps.profile();
        sps.unsigned(); // seq_parameter_set_id
        if (profile >= 100 || profile == 44) {
            boolean lumaAndBothChroma = sps.unsigned() == 3;
            if (lumaAndBothChroma) {
                sps.bits(1);
            }
            sps.unsigned(); // bit_depth_luma_minus8
            sps.unsigned(); // bit_depth_chroma_minus8
            sps.bits(1); // qpprime_y_zero_transform_bypass_flag
            boolean scalingMatrix = sps.bits(1) == 1;
            if (scalingMatrix) {
                return UNKNOWN;
            }
        }
        int bits = sps.unsigned() + 4;
        return bits <= 16 ? bits : 0;
    }

    /** Place of the next NAL unit's header behind a start code, or -1. */
    private static int nextNal(ByteBuffer unit, int from) {
        for (int i = from; i + 3 < unit.limit(); i++) {
            if (unit.get(i + 2) > 1 || unit.get(i + 2) < 0) {
                i += 2;
            } else if (unit.get(i) == 0 && unit.get(i + 1) == 0 && unit.get(i + 2) == 1) {
                return i + 3;
            }
        }
        return -1;
    }

    /** Bits of one NAL unit without its emulation prevention bytes (section 7.4.1); zeros behind its end. */
    private static final class NalReader {

        private final ByteBuffer unit;
        private final int start;
        private int at;
        private int bit;
        private int zeros;

        NalReader(ByteBuffer unit, int start) {
            this.unit = unit;
            this.start = start;
            at = start;
        }

        int profile() {
            return start - 3 < unit.limit() ? Byte.toUnsignedInt(unit.get(start - 3)) : 0;
        }

        int bits(int count) {
            int value = 0;
            for (int i = 0; i < count; i++) {
                value = (value << 1) | bit();
            }
            return value;
        }

        /** An Exp-Golomb number, section 9.1; 0 where it would not fit. */
        int unsigned() {
            int leading = 0;
            while (leading < 16 && at < unit.limit() && bit() == 0) {
                leading++;
            }
            return leading < 16 ? (1 << leading) - 1 + bits(leading) : 0;
        }

        private int bit() {
            if (at >= unit.limit()) {
                return 0;
            }
            int value = (unit.get(at) >> (7 - bit)) & 1;
            if (++bit == 8) {
                bit = 0;
                advance();
            }
            return value;
        }

        private void advance() {
            zeros = unit.get(at) == 0 ? zeros + 1 : 0;
            at++;
            if (zeros >= 2 && at < unit.limit() && unit.get(at) == 3) {
                at++;
                zeros = 0;
            }
        }
    }
}
