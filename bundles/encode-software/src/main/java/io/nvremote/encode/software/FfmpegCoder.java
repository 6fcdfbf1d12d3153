// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.media.Frame;
import io.nvremote.media.Size;
import io.nvremote.wrap.ffmpeg.Ffmpeg;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Pointer;

/** Wall: an encoder inside FFmpeg. What is offered here ignores a new rate while it runs. */
final class FfmpegCoder implements Coder {

    private final AVCodecContext context;
    private final Picture picture;
    private final AVPacket packet;
    private long presented;
    private boolean open = true;

    private FfmpegCoder(AVCodecContext context, Picture picture, AVPacket packet) {
        this.context = context;
        this.picture = picture;
        this.packet = packet;
    }

    /** Opens an encoder; 5 to 15 ms, and 0.3 s more when it is FFmpeg's first use in this process. */
    static FfmpegCoder open(FfmpegEncoder encoder, Size size, FrameRate rate, Bitrate bitrate, int threads) {
        AVCodec codec = codec(encoder);
        AVCodecContext context = allocated(avcodec.avcodec_alloc_context3(codec));
        context.width(size.width() & ~1).height(size.height() & ~1);
        context.pix_fmt(avutil.AV_PIX_FMT_YUV420P);
        context.time_base().num(1).den(rate.perSecond());
        context.framerate().num(rate.perSecond()).den(1);
        context.bit_rate(bitrate.bitsPerSecond());
        context.color_range(avutil.AVCOL_RANGE_MPEG).colorspace(avutil.AVCOL_SPC_BT709);
        context.color_primaries(avutil.AVCOL_PRI_BT709).color_trc(avutil.AVCOL_TRC_BT709);
        AVDictionary options = new AVDictionary(null);
        encoder.describe(context, bitrate, threads).forEach((key, value) -> avutil.av_dict_set(options, key, value, 0));
        Ffmpeg.forget();
        int result = avcodec.avcodec_open2(context, codec, options);
        avutil.av_dict_free(options);
        if (result < 0) {
            avcodec.avcodec_free_context(context);
            throw new StreamException(
                    EncodeError.SPEC_REFUSED,
                    encoder.library() + " refused " + size + " at " + rate.perSecond() + "/s and " + bitrate + ": "
                            + Ffmpeg.reason(result));
        }
        return new FfmpegCoder(context, new Picture(size), allocated(avcodec.av_packet_alloc()));
    }

    private static AVCodec codec(FfmpegEncoder encoder) {
        Picture.loadFfmpeg();
        AVCodec codec = avcodec.avcodec_find_encoder_by_name(encoder.library());
        if (codec == null) {
            throw new StreamException(
                    EncodeError.DEVICE_UNAVAILABLE,
                    "this FFmpeg (" + Ffmpeg.version() + ") has no " + encoder.library());
        }
        return codec;
    }

    private static <P extends Pointer> P allocated(P pointer) {
        if (pointer == null || pointer.isNull()) {
            throw new StreamException(EncodeError.DEVICE_LOST, "FFmpeg is out of memory");
        }
        return pointer;
    }

    @Override
    public void load(Frame frame) {
        picture.load(frame);
    }

    @Override
    public boolean encode(boolean forceKeyFrame) {
        AVFrame frame = picture.frame();
        frame.pts(presented++);
        frame.pict_type(forceKeyFrame ? avutil.AV_PICTURE_TYPE_I : avutil.AV_PICTURE_TYPE_NONE);
        Ffmpeg.forget();
        int result = avcodec.avcodec_send_frame(context, frame);
        if (result < 0) {
            throw lost("the encoder took no picture", result);
        }
        result = avcodec.avcodec_receive_packet(context, packet);
        if (result < 0) {
            throw lost("the encoder gave no access unit", result);
        }
        return (packet.flags() & avcodec.AV_PKT_FLAG_KEY) != 0;
    }

    /** Its quality can't be told while it runs: it gets there by and by, as its rate has nothing else to do. */
    @Override
    public boolean sharpen(int step) {
        return true;
    }

    @Override
    @SuppressWarnings("restricted") // the packet's memory, of the size that FFmpeg says it has
    public ByteBuffer unit() {
        return MemorySegment.ofAddress(packet.data().address())
                .reinterpret(packet.size())
                .asByteBuffer()
                .asReadOnlyBuffer();
    }

    @Override
    public void releaseUnit() {
        avcodec.av_packet_unref(packet);
    }

    @Override
    public boolean retargets() {
        return false;
    }

    @Override
    public void retarget(Bitrate bitrate) {
        throw new UnsupportedOperationException("an encoder behind FFmpeg keeps its rate");
    }

    private static StreamException lost(String what, int error) {
        return new StreamException(EncodeError.DEVICE_LOST, what + ": " + Ffmpeg.reason(error));
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            picture.close();
            avcodec.av_packet_free(packet);
            avcodec.avcodec_free_context(context);
        }
    }
}
