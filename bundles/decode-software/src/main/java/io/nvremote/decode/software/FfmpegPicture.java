// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode.software;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.media.HostSurface;
import io.nvremote.media.Lease;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;

/** Wall: one I420 picture in FFmpeg's memory. */
final class FfmpegPicture implements Lease {

    private final AVFrame picture;
    private final HostSurface surface;

    FfmpegPicture(AVFrame picture) {
        this.picture = picture;
        Size size = new Size(picture.width(), picture.height());
        int half = (size.height() + 1) / 2;
        surface = new HostSurface(
                PixelFormat.I420,
                size,
                List.of(plane(picture, 0, size.height()), plane(picture, 1, half), plane(picture, 2, half)));
    }

    /** Whether FFmpeg's picture is one that {@link HostSurface} can describe: 8 bits, 4:2:0. */
    static boolean usable(AVFrame picture) {
        int format = picture.format();
        return (format == avutil.AV_PIX_FMT_YUV420P || format == avutil.AV_PIX_FMT_YUVJ420P)
                && picture.width() >= 16
                && picture.height() >= 16;
    }

    @SuppressWarnings("restricted") // a plane of the picture, of the size that FFmpeg says it has
    private static HostSurface.Plane plane(AVFrame picture, int index, int rows) {
        int stride = picture.linesize(index);
        MemorySegment memory =
                MemorySegment.ofAddress(picture.data(index).address()).reinterpret((long) stride * rows);
        return new HostSurface.Plane(memory.asReadOnly(), stride);
    }

    @Override
    public HostSurface surface() {
        return surface;
    }

    /** Another reference to the same memory: FFmpeg counts them, so that a retained picture outlives the session. */
    @Override
    public FfmpegPicture hold() {
        AVFrame copy = avutil.av_frame_clone(picture);
        if (copy == null || copy.isNull()) {
            throw new StreamException(CoreError.INTERNAL, "FFmpeg is out of memory");
        }
        return new FfmpegPicture(copy);
    }

    @Override
    public void release() {
        avutil.av_frame_free(picture);
    }
}
