// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.media.Codec;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What can be seen of an access unit without decoding it. Stateless. */
final class UnitForm {

    private static final String NO_KEY = "a key frame that can't be decoded on its own";
    private static final String NO_PICTURE = "a unit without a picture";

    private UnitForm() {}

    /** Why nobody could decode it; null if nothing speaks against it. Looks no further than the first slice. */
    static @Nullable String wrong(Codec codec, ByteBuffer data, boolean keyFrame) {
        if (!data.hasRemaining()) {
            return "an empty unit";
        }
        if (codec.equals(Codec.AV1)) {
            return Obus.wrong(data, keyFrame);
        }
        if (codec.equals(Codec.HEVC)) {
            return Nals.HEVC.wrong(data, keyFrame);
        }
        return codec.equals(Codec.H264) ? Nals.H264.wrong(data, keyFrame) : null;
    }

    /**
     * Annex B: start codes, parameter sets before the slices of a key frame. Sets of types are bits.
     *
     * @param shift of the type in the first byte of a unit's header
     * @param parameters what a key frame has in front of its slices
     * @param slices coded slices
     * @param keySlices those of a picture that needs no other
     */
    private record Nals(int shift, int typeMask, long parameters, long slices, long keySlices) {

        /** ITU-T H.264 table 7-1. */
        static final Nals H264 = new Nals(0, 0x1F, types(7, 8), types(1, 1) | types(5, 5), types(5, 5));

        /** ITU-T H.265 table 7-1. */
        static final Nals HEVC = new Nals(1, 0x3F, types(32, 34), types(0, 9) | types(16, 21), types(16, 21));

        private static long types(int from, int to) {
            return (1L << (to + 1)) - (1L << from);
        }

        @Nullable
        String wrong(ByteBuffer data, boolean keyFrame) {
            long seen = 0;
            int at = afterStartCode(data, data.position(), true);
            while (at >= 0 && at < data.limit()) {
                long type = 1L << ((data.get(at) >> shift) & typeMask);
                if ((type & slices) != 0) {
                    boolean whole = (type & keySlices) != 0 && (seen & parameters) == parameters;
                    return keyFrame && !whole ? NO_KEY : null;
                }
                seen |= type;
                at = afterStartCode(data, at, false);
            }
            return at < 0 && seen == 0 ? "a unit without a start code" : NO_PICTURE;
        }

        /** Where the next unit of the byte stream begins; -1 if there is none, or none right here. */
        private static int afterStartCode(ByteBuffer data, int from, boolean here) {
            int zeros = 0;
            for (int i = from; i < data.limit(); i++) {
                int b = data.get(i);
                if (b == 1 && zeros >= 2) {
                    return i + 1;
                }
                if (here && b != 0) {
                    return -1;
                }
                zeros = b == 0 ? zeros + 1 : 0;
            }
            return -1;
        }
    }

    /** The low-overhead format (AV1 section 5.2): units with their sizes, a sequence header before the picture of a key frame. */
    private static final class Obus {

        private static final int EXTENSION = 0x04;
        private static final int HAS_SIZE = 0x02;
        private static final int SEQUENCE_HEADER = 1;
        private static final int FRAME_HEADER = 3;
        private static final int FRAME = 6;
        private static final int LONGEST_SIZE = 5;

        static @Nullable String wrong(ByteBuffer data, boolean keyFrame) {
            boolean sequence = false;
            for (int at = data.position(); at < data.limit(); ) {
                int header = data.get(at) & 0xFF;
                int begin = at + ((header & EXTENSION) == 0 ? 1 : 2);
                long size = 0;
                int more = 0x80;
                for (int i = 0; i < LONGEST_SIZE && (more & 0x80) != 0 && begin < data.limit(); i++) {
                    more = data.get(begin++);
                    size |= (more & 0x7FL) << (7 * i);
                }
                if ((header & HAS_SIZE) == 0 || (more & 0x80) != 0 || size > data.limit() - begin) {
                    return "a unit that is no sequence of OBUs with their sizes";
                }
                int type = (header >> 3) & 15;
                if ((type == FRAME || type == FRAME_HEADER) && size > 0) {
                    // Neither an existing frame shown again nor of another type than 0.
                    boolean whole = sequence && (data.get(begin) & 0xE0) == 0;
                    return keyFrame && !whole ? NO_KEY : null;
                }
                sequence |= type == SEQUENCE_HEADER;
                at = begin + (int) size;
            }
            return NO_PICTURE;
        }
    }
}
