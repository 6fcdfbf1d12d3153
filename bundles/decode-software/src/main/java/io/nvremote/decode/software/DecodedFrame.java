// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode.software;

import io.nvremote.media.Frame;
import io.nvremote.media.StageStamps;
import io.nvremote.media.Surface;

/** A decoded picture. FFmpeg counts the holds on its memory: a retained one outlives the session, and nobody waits. */
final class DecodedFrame implements Frame {

    private final FfmpegPicture picture;
    private final long sequence;
    private final StageStamps stamps;

    DecodedFrame(FfmpegPicture picture, long sequence, StageStamps stamps) {
        this.picture = picture;
        this.sequence = sequence;
        this.stamps = stamps;
    }

    @Override
    public Surface surface() {
        return picture.surface();
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public StageStamps stamps() {
        return stamps;
    }

    @Override
    public Retained retain() {
        return new Hold(new DecodedFrame(picture.hold(), sequence, stamps));
    }

    private static final class Hold implements Retained {

        private final DecodedFrame held;
        private boolean open = true;

        Hold(DecodedFrame held) {
            this.held = held;
        }

        @Override
        public Frame frame() {
            return held;
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                held.picture.release();
            }
        }
    }
}
