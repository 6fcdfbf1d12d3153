// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.media.Size;

/**
 * One stream as NVENC is asked for it.
 *
 * @param size even
 * @param bitrate at the beginning
 */
record StreamSpec(NvencCodec codec, Size size, FrameRate rate, Bitrate bitrate) {

    /** How many pictures are kept to refer to. */
    int references(Capabilities can) {
        return can.manyReferences() ? codec.references(size) : 1;
    }

    @Override
    public String toString() {
        return codec + " of " + size + " at " + rate.perSecond() + "/s and " + bitrate;
    }
}
