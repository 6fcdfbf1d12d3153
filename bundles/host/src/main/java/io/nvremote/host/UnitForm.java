// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.media.Codec;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What can be seen of an access unit without decoding it. Stateless. */
final class UnitForm {

    /** Coded slices and parameter sets (ITU-T H.264 table 7-1). */
    private static final int SLICE = 1;

    private static final int IDR_SLICE = 5;
    private static final int SEQUENCE_PARAMETERS = 7;
    private static final int PICTURE_PARAMETERS = 8;

    private UnitForm() {}

    /** Why nobody could decode it; null if nothing speaks against it. Looks no further than the first slice. */
    static @Nullable String wrong(Codec codec, ByteBuffer data, boolean keyFrame) {
        if (!data.hasRemaining()) {
            return "an empty unit";
        }
        return codec.equals(Codec.H264) ? wrongH264(data, keyFrame) : null;
    }

    /** Annex B: start codes, parameter sets before the slices of a key frame. */
    private static @Nullable String wrongH264(ByteBuffer data, boolean keyFrame) {
        int seen = 0;
        int at = afterStartCode(data, data.position(), true);
        while (at >= 0 && at < data.limit()) {
            int type = data.get(at) & 0x1f;
            if (type == SLICE || type == IDR_SLICE) {
                boolean whole = type == IDR_SLICE
                        && (seen & 1 << SEQUENCE_PARAMETERS) != 0
                        && (seen & 1 << PICTURE_PARAMETERS) != 0;
                return keyFrame && !whole ? "a key frame that can't be decoded on its own" : null;
            }
            seen |= 1 << type;
            at = afterStartCode(data, at, false);
        }
        return at < 0 && seen == 0 ? "a unit without a start code" : "a unit without a picture";
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
