// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode.software;

import java.nio.ByteBuffer;

/**
 * Notices pictures that never came, by the {@code frame_num} of H.264 slice headers (ISO/IEC 14496-10 section 7.4.3).
 * Needed since encoders allow gaps (openh264 does), and FFmpeg then fills them with old pictures and says nothing.
 * Streams with one sequence parameter set at a time, as all of ours are. Not safe for several threads at once.
 */
final class FrameNumbers implements Continuity {

    private static final int SLICE = 1;
    private static final int IDR = 5;
    private static final int SPS = 7;

    /** Said of a parameter set whose rest is not read (scaling matrices): its stream is believed as it comes. */
    private static final int UNKNOWN = -1;

    /** Bits of a {@code frame_num}; 0 before the first parameter set. */
    private int bits;

    private int lastReference;

    @Override
    public boolean follows(ByteBuffer unit) {
        int at = unit.position();
        while ((at = nextNal(unit, at)) >= 0) {
            int header = unit.get(at);
            int type = header & 0x1F;
            if (type == SPS) {
                bits = frameNumberBits(profile(unit, at), BitReader.ofNal(unit, at + 4));
            } else if (type == IDR) {
                lastReference = 0;
                return bits != 0;
            } else if (type == SLICE) {
                return bits == UNKNOWN
                        || (bits > 0 && sliceFollows(BitReader.ofNal(unit, at + 1), (header & 0x60) != 0));
            }
        }
        return false;
    }

    private boolean sliceFollows(BitReader slice, boolean reference) {
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

    private static int profile(ByteBuffer unit, int sps) {
        return sps + 1 < unit.limit() ? Byte.toUnsignedInt(unit.get(sps + 1)) : 0;
    }

    /** {@code log2_max_frame_num} of a sequence parameter set, read from behind its profile and level. */
    private static int frameNumberBits(int profile, BitReader sps) {
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
}
