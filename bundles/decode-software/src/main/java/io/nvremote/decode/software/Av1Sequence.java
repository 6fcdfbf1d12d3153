// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode.software;

/**
 * What of an AV1 sequence header (section 5.5.1) one has to know to find the order hint of a frame.
 *
 * @param still all frames are shown key frames without a header of their own kind
 * @param timeBits of the time that each shown frame tells; 0: none does
 * @param frameIdBits of the number that each frame has; 0: none has
 * @param hintBits of an order hint; 0: there are none
 * @param screenTools whether there are tools for screens: 0, 1, or {@link #EACH_FRAME}
 * @param wholeMotion whether motion is in whole pixels: 0, 1, or {@link #EACH_FRAME}
 */
record Av1Sequence(boolean still, int timeBits, int frameIdBits, int hintBits, int screenTools, int wholeMotion) {

    /** Each frame says it. */
    static final int EACH_FRAME = 2;

    static Av1Sequence read(BitReader header) {
        header.skip(4); // seq_profile, still_picture
        boolean still = header.flag();
        int timeBits = 0;
        if (still) {
            header.skip(5); // seq_level_idx
        } else {
            timeBits = timing(header);
        }
        int widthBits = header.bits(4) + 1;
        int heightBits = header.bits(4) + 1;
        header.skip(widthBits + heightBits);
        boolean frameIds = !still && header.flag();
        int frameIdBits = frameIds ? header.bits(4) + 2 + header.bits(3) + 1 : 0;
        header.skip(3); // use_128x128_superblock, enable_filter_intra, enable_intra_edge_filter
        if (still) {
            return new Av1Sequence(true, timeBits, frameIdBits, 0, EACH_FRAME, EACH_FRAME);
        }
        header.skip(4); // interintra, masked and warped compound, dual filter
        boolean hints = header.flag();
        header.skip(hints ? 2 : 0); // jnt_comp, ref_frame_mvs
        int screenTools = header.flag() ? EACH_FRAME : header.bits(1);
        int wholeMotion = screenTools == 0 || header.flag() ? EACH_FRAME : header.bits(1);
        return new Av1Sequence(false, timeBits, frameIdBits, hints ? header.bits(3) + 1 : 0, screenTools, wholeMotion);
    }

    /** Timing, decoder model and operating points; returns the bits of the time that each shown frame tells. */
    private static int timing(BitReader header) {
        boolean equalIntervals = false;
        int delayBits = 0;
        int timeBits = 0;
        boolean timing = header.flag();
        if (timing) {
            header.skip(64); // num_units_in_display_tick, time_scale
            equalIntervals = header.flag();
            if (equalIntervals) {
                header.unsigned(); // num_ticks_per_picture
            }
            boolean model = header.flag();
            if (model) {
                delayBits = header.bits(5) + 1;
                header.skip(32 + 5); // num_units_in_decoding_tick, buffer_removal_time_length
                timeBits = header.bits(5) + 1;
            }
        }
        boolean displayDelays = header.flag();
        int points = header.bits(5) + 1;
        for (int i = 0; i < points; i++) {
            header.skip(12); // operating_point_idc
            boolean tiers = header.bits(5) > 7;
            header.skip(tiers ? 1 : 0);
            boolean modelled = delayBits > 0 && header.flag();
            header.skip(modelled ? 2 * delayBits + 1 : 0);
            boolean delayed = displayDelays && header.flag();
            header.skip(delayed ? 4 : 0);
        }
        return equalIntervals ? 0 : timeBits;
    }
}
