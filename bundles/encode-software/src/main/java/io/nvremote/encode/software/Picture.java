// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.media.Frame;
import io.nvremote.media.Size;
import io.nvremote.wrap.ffmpeg.Ffmpeg;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;

/** Wall: the I420 picture that is coded next, BT.709 limited range, in FFmpeg's memory. */
final class Picture implements AutoCloseable {

    private final AVFrame frame;
    private final PictureLoader loader;

    /** Of the largest even width and height in {@code size}. */
    Picture(Size size) {
        loadFfmpeg();
        frame = avutil.av_frame_alloc();
        if (frame == null || frame.isNull()) {
            throw new StreamException(EncodeError.DEVICE_LOST, "FFmpeg is out of memory");
        }
        frame.format(avutil.AV_PIX_FMT_YUV420P).width(size.width() & ~1).height(size.height() & ~1);
        frame.color_range(avutil.AVCOL_RANGE_MPEG).colorspace(avutil.AVCOL_SPC_BT709);
        int result = avutil.av_frame_get_buffer(frame, 0);
        if (result < 0) {
            avutil.av_frame_free(frame);
            throw new StreamException(EncodeError.DEVICE_LOST, "no memory for a picture: " + Ffmpeg.reason(result));
        }
        loader = new PictureLoader(size, frame);
        loader.warmUp();
    }

    /** Idempotent; 0.3 s the first time in a process. */
    static void loadFfmpeg() {
        try {
            Ffmpeg.load();
        } catch (LinkageError e) {
            throw new StreamException(
                    EncodeError.DEVICE_UNAVAILABLE, "FFmpeg can't be loaded here: " + e.getMessage(), e);
        }
    }

    /** The picture itself, for FFmpeg. */
    AVFrame frame() {
        return frame;
    }

    /** Converts a frame of the picture's size into it. */
    void load(Frame from) {
        int result = avutil.av_frame_make_writable(frame);
        if (result < 0) {
            throw new StreamException(EncodeError.DEVICE_LOST, "no memory for a picture: " + Ffmpeg.reason(result));
        }
        loader.load(from);
    }

    @Override
    public void close() {
        loader.close();
        avutil.av_frame_free(frame);
    }
}
