// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.core.Bitrate;
import io.nvremote.media.Frame;
import java.nio.ByteBuffer;

/**
 * One open encoder library, wherever it comes from. Not safe for several threads at once.
 *
 * <p>No picture is held back: no B frames, no look-ahead, no frame skipping. Parameter sets travel in front of each key
 * frame (ISO/IEC 14496-10 Annex B; AV1's sequence header), and there is no key frame but the first and those asked for.
 */
interface Coder extends AutoCloseable {

    /** Converts a frame of the coder's size into the picture that {@link #encode} codes next. */
    void load(Frame frame);

    /** Codes the picture; {@link #unit} is valid until {@link #releaseUnit}. Returns whether it is a key frame. */
    boolean encode(boolean forceKeyFrame);

    /**
     * Makes the next {@link #encode} code the loaded picture again, sharper with each step from 0 on. Returns whether there is
     * another step; a coder that knows none codes as always and says there is.
     */
    boolean sharpen(int step);

    /** The access unit of the latest {@link #encode}, in native memory of the coder's. */
    ByteBuffer unit();

    void releaseUnit();

    /** Whether {@link #retarget} works: else another rate needs another coder, and a key frame. */
    boolean retargets();

    /** Codes at another rate from the next picture on. */
    void retarget(Bitrate bitrate);

    @Override
    void close();
}
