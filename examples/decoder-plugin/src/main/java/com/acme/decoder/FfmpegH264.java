// SPDX-License-Identifier: Apache-2.0
package com.acme.decoder;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.decode.DecodeError;
import io.nvremote.media.HostSurface;
import io.nvremote.media.Lease;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/** The only class that touches native memory: FFmpeg's decoder, set so that a picture comes out of the call that puts its unit in. */
final class FfmpegH264 implements AutoCloseable {

    private final AVCodecContext context;
    private final AVPacket packet = avcodec.av_packet_alloc();
    private final AVFrame picture = avutil.av_frame_alloc();
    private long units;
    private boolean closed;

    FfmpegH264() {
        AVCodec codec = avcodec.avcodec_find_decoder_by_name("h264");
        if (codec == null) {
            throw new StreamException(DecodeError.CODEC_UNAVAILABLE, "this FFmpeg has no decoder for h264");
        }
        context = avcodec.avcodec_alloc_context3(codec);
        context.flags(context.flags() | avcodec.AV_CODEC_FLAG_LOW_DELAY);
        context.thread_count(1);
        context.err_recognition(avcodec.AV_EF_EXPLODE | avcodec.AV_EF_BITSTREAM | avcodec.AV_EF_BUFFER);
        if (avcodec.avcodec_open2(context, codec, (AVDictionary) null) < 0) {
            close();
            throw new StreamException(DecodeError.CODEC_UNAVAILABLE, "FFmpeg's h264 refused to open");
        }
    }

    /** Forgets all earlier pictures: what comes next is a key frame. */
    void restart() {
        avcodec.avcodec_flush_buffers(context);
        while (avcodec.avcodec_receive_frame(context, picture) >= 0) {
            // what it had ready to hand over outlives the flush
        }
    }

    /** True if the unit is sound and {@link #picture} holds what it shows, until {@link #release}. */
    boolean decode(ByteBuffer unit) {
        int bytes = unit.remaining();
        if (bytes == 0 || avcodec.av_new_packet(packet, bytes) < 0) {
            return false;
        }
        MemorySegment.ofAddress(packet.data().address()).reinterpret(bytes).copyFrom(MemorySegment.ofBuffer(unit));
        packet.pts(++units);
        int sent = avcodec.avcodec_send_packet(context, packet);
        avcodec.av_packet_unref(packet);
        int received = avcodec.avcodec_receive_frame(context, picture);
        boolean sound = sent >= 0
                && received >= 0
                && picture.pts() == units
                && picture.decode_error_flags() == 0
                && (picture.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) == 0
                && (picture.format() == avutil.AV_PIX_FMT_YUV420P || picture.format() == avutil.AV_PIX_FMT_YUVJ420P);
        if (!sound) {
            release();
        }
        return sound;
    }

    Lease picture() {
        return new Picture(picture);
    }

    void release() {
        avutil.av_frame_unref(picture);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            avutil.av_frame_free(picture);
            avcodec.av_packet_free(packet);
            avcodec.avcodec_free_context(context);
        }
    }

    /** One picture in FFmpeg's memory, which counts who holds it: a retained one outlives the session. */
    private record Picture(AVFrame picture) implements Lease {

        @Override
        public HostSurface surface() {
            Size size = new Size(picture.width(), picture.height());
            int half = (size.height() + 1) / 2;
            return new HostSurface(
                    PixelFormat.I420, size, List.of(plane(0, size.height()), plane(1, half), plane(2, half)));
        }

        private HostSurface.Plane plane(int index, int rows) {
            int stride = picture.linesize(index);
            MemorySegment memory =
                    MemorySegment.ofAddress(picture.data(index).address()).reinterpret((long) stride * rows);
            return new HostSurface.Plane(memory.asReadOnly(), stride);
        }

        @Override
        public Lease hold() {
            AVFrame copy = avutil.av_frame_clone(picture);
            if (copy == null || copy.isNull()) {
                throw new StreamException(CoreError.INTERNAL, "FFmpeg is out of memory");
            }
            return new Picture(copy);
        }

        @Override
        public void release() {
            avutil.av_frame_free(picture);
        }
    }
}
