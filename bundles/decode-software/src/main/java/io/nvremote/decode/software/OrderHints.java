// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode.software;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Notices pictures that never came, by the {@code order_hint} of AV1 frame headers (section 5.9.2): the shown pictures of a stream
 * count by one. Needed since a decoder takes whatever stands in the place of a picture that is referred to, and sees no fault where
 * how the next is coded does not depend on it. Not safe for several threads at once.
 */
final class OrderHints implements Continuity {

    private static final int SEQUENCE_HEADER = 1;
    private static final int FRAME_HEADER = 3;
    private static final int FRAME = 6;
    private static final int EXTENSION = 0x04;
    private static final int HAS_SIZE = 0x02;
    private static final int KEY_FRAME = 0;
    private static final int SWITCH_FRAME = 3;

    /** Said after a picture without a hint: the next is believed. */
    private static final int UNKNOWN = -1;

    private @Nullable Av1Sequence sequence;
    private int last = UNKNOWN;
    private boolean shown;

    @Override
    public boolean follows(ByteBuffer unit) {
        shown = false;
        int at = unit.position();
        while (at < unit.limit()) {
            int header = unit.get(at) & 0xFF;
            int begin = at + ((header & EXTENSION) == 0 ? 1 : 2);
            int end = unit.limit();
            if ((header & HAS_SIZE) != 0) {
                long size = 0;
                int more = 0x80;
                for (int shift = 0; (more & 0x80) != 0 && begin < end && shift < 35; shift += 7) {
                    more = unit.get(begin++);
                    size |= (more & 0x7FL) << shift;
                }
                if ((more & 0x80) != 0 || size > end - begin) {
                    return false;
                }
                end = begin + (int) size;
            }
            if (!take((header >> 3) & 15, BitReader.of(unit, begin, end))) {
                return false;
            }
            at = end;
        }
        return shown;
    }

    /** False if it is a picture that does not follow. */
    private boolean take(int type, BitReader payload) {
        if (type == SEQUENCE_HEADER) {
            sequence = Av1Sequence.read(payload);
        }
        Av1Sequence known = sequence;
        boolean picture = type == FRAME || type == FRAME_HEADER;
        return !picture || (known != null && pictureFollows(known, payload));
    }

    private boolean pictureFollows(Av1Sequence known, BitReader frame) {
        boolean again = !known.still() && frame.flag(); // show_existing_frame
        if (known.still() || known.hintBits() == 0 || again) {
            shown = true;
            last = UNKNOWN;
            return true;
        }
        int type = frame.bits(2);
        boolean shows = frame.flag();
        frame.skip(shows ? known.timeBits() : 1); // temporal_point_info or showable_frame
        if (!shows) {
            return true;
        }
        shown = true;
        frame.skip(type == SWITCH_FRAME || type == KEY_FRAME ? 0 : 1); // error_resilient_mode
        int hint = hint(known, type, frame);
        boolean follows = type == KEY_FRAME || last == UNKNOWN || hint == ((last + 1) & ((1 << known.hintBits()) - 1));
        if (follows) {
            last = hint;
        }
        return follows;
    }

    private static int hint(Av1Sequence known, int type, BitReader frame) {
        frame.skip(1); // disable_cdf_update
        int tools = known.screenTools();
        boolean screenTools = tools == Av1Sequence.EACH_FRAME ? frame.flag() : tools == 1;
        boolean saysMotion = screenTools && known.wholeMotion() == Av1Sequence.EACH_FRAME;
        frame.skip(saysMotion ? 1 : 0); // force_integer_mv
        frame.skip(known.frameIdBits()); // current_frame_id
        frame.skip(type == SWITCH_FRAME ? 0 : 1); // frame_size_override_flag
        return frame.bits(known.hintBits());
    }
}
