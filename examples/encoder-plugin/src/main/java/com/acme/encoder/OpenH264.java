// SPDX-License-Identifier: Apache-2.0
package com.acme.encoder;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.media.HostSurface;
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
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** The only class that touches native memory: openh264 through FFmpeg, one slice a picture. */
final class OpenH264 implements AutoCloseable {

    /** Contrast and saturation as they are, 16.16 fixed point. */
    private static final int UNITY = 1 << 16;

    private final Size size;
    private final AVCodecContext context;
    private final AVFrame picture = avutil.av_frame_alloc();
    private final AVPacket packet = avcodec.av_packet_alloc();
    private SwsContext scaler;
    private PixelFormat scales;
    private long shown;

    OpenH264(Size size, FrameRate rate, Bitrate bitrate) {
        this.size = size;
        AVCodec codec = avcodec.avcodec_find_encoder_by_name("libopenh264");
        if (codec == null) {
            throw new StreamException(EncodeError.DEVICE_UNAVAILABLE, "this FFmpeg has no libopenh264");
        }
        context = avcodec.avcodec_alloc_context3(codec);
        context.width(size.width() & ~1).height(size.height() & ~1).pix_fmt(avutil.AV_PIX_FMT_YUV420P);
        context.time_base().num(1).den(rate.perSecond());
        context.framerate().num(rate.perSecond()).den(1);
        context.bit_rate(bitrate.bitsPerSecond()).rc_max_rate(bitrate.bitsPerSecond());
        context.gop_size(0).max_b_frames(0).thread_count(1);
        context.color_range(avutil.AVCOL_RANGE_MPEG).colorspace(avutil.AVCOL_SPC_BT709);
        context.color_primaries(avutil.AVCOL_PRI_BT709).color_trc(avutil.AVCOL_TRC_BT709);
        AVDictionary options = new AVDictionary(null);
        avutil.av_dict_set(options, "allow_skip_frames", "0", 0);
        int opened = avcodec.avcodec_open2(context, codec, options);
        avutil.av_dict_free(options);
        picture.format(avutil.AV_PIX_FMT_YUV420P).width(context.width()).height(context.height());
        if (opened < 0 || avutil.av_frame_get_buffer(picture, 0) < 0) {
            close();
            throw new StreamException(EncodeError.SPEC_REFUSED, "openh264 refused " + size + " at " + bitrate);
        }
    }

    /** Converts the lent pixels into the encoder's picture. */
    void load(HostSurface surface) {
        List<HostSurface.Plane> planes = surface.planes();
        if (avutil.av_frame_make_writable(picture) < 0) {
            throw new StreamException(EncodeError.DEVICE_LOST, "no memory for a picture");
        }
        try (PointerPointer<Pointer> sources = new PointerPointer<>(4);
                IntPointer strides = new IntPointer(4)) {
            for (int i = 0; i < planes.size(); i++) {
                sources.put(
                        i,
                        new BytePointer() {
                            Pointer at(MemorySegment memory) {
                                address = memory.address();
                                return this;
                            }
                        }.at(planes.get(i).memory()));
                strides.put(i, planes.get(i).strideBytes());
            }
            swscale.sws_scale(
                    scaler(surface.format()),
                    sources,
                    strides,
                    0,
                    context.height(),
                    picture.data(),
                    picture.linesize());
        }
    }

    static boolean takes(PixelFormat format) {
        return format.equals(PixelFormat.BGRA) || format.equals(PixelFormat.NV12) || format.equals(PixelFormat.I420);
    }

    private SwsContext scaler(PixelFormat format) {
        if (!format.equals(scales)) {
            int from;
            if (format.equals(PixelFormat.BGRA)) {
                from = avutil.AV_PIX_FMT_BGR0;
            } else if (format.equals(PixelFormat.NV12)) {
                from = avutil.AV_PIX_FMT_NV12;
            } else if (format.equals(PixelFormat.I420)) {
                from = avutil.AV_PIX_FMT_YUV420P;
            } else {
                throw new StreamException(EncodeError.FRAME_REFUSED, "unknown pixel format " + format.name());
            }
            swscale.sws_freeContext(scaler);
            scaler = swscale.sws_getContext(
                    context.width(),
                    context.height(),
                    from,
                    context.width(),
                    context.height(),
                    avutil.AV_PIX_FMT_YUV420P,
                    swscale.SWS_POINT,
                    null,
                    null,
                    (DoublePointer) null);
            // Left alone swscale converts as BT.601 has it: every colour would be a little off.
            IntPointer bt709 = swscale.sws_getCoefficients(swscale.SWS_CS_ITU709);
            int fullRange = format.equals(PixelFormat.BGRA) ? 1 : 0;
            swscale.sws_setColorspaceDetails(scaler, bt709, fullRange, bt709, 0, 0, UNITY, UNITY);
            scales = format;
        }
        return scaler;
    }

    /** Codes the loaded picture; answers whether it is a key frame. */
    boolean encode(boolean forceKeyFrame) {
        picture.pts(shown++);
        picture.pict_type(forceKeyFrame ? avutil.AV_PICTURE_TYPE_I : avutil.AV_PICTURE_TYPE_NONE);
        if (avcodec.avcodec_send_frame(context, picture) < 0 || avcodec.avcodec_receive_packet(context, packet) < 0) {
            throw new StreamException(EncodeError.DEVICE_LOST, "openh264 gave no access unit for " + size);
        }
        return (packet.flags() & avcodec.AV_PKT_FLAG_KEY) != 0;
    }

    /** The coded picture, valid until {@link #release}. */
    ByteBuffer unit() {
        return new BytePointer(packet.data())
                .capacity(packet.size())
                .asByteBuffer()
                .asReadOnlyBuffer();
    }

    void release() {
        avcodec.av_packet_unref(packet);
    }

    @Override
    public void close() {
        swscale.sws_freeContext(scaler);
        avcodec.av_packet_free(packet);
        avutil.av_frame_free(picture);
        avcodec.avcodec_free_context(context);
    }
}
