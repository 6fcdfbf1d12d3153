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

/**
 * Wall: one open {@code libopenh264} of FFmpeg. Not safe for several threads at once.
 *
 * <p>No picture is held back: no B frames, no look-ahead, no frame skipping. Parameter sets travel in front of each key
 * frame (ISO/IEC 14496-10 Annex B), and there is no key frame but the first and those asked for.
 */
final class OpenH264 implements AutoCloseable {

    private static final String NAME = "libopenh264";

    private final AVCodecContext context;
    private final AVFrame picture;
    private final AVPacket packet;
    private final PictureLoader loader;
    private long presented;
    private boolean open = true;

    private OpenH264(AVCodecContext context, AVFrame picture, AVPacket packet, Size size) {
        this.context = context;
        this.picture = picture;
        this.packet = packet;
        loader = new PictureLoader(size, picture);
        loader.warmUp();
    }

    /** Opens an encoder; 5 to 10 ms, and 0.3 s more when it is FFmpeg's first use in this process. */
    static OpenH264 open(Size size, FrameRate rate, Bitrate bitrate, int threads) {
        AVCodec codec = codec();
        AVCodecContext context = allocated(avcodec.avcodec_alloc_context3(codec));
        context.width(size.width() & ~1).height(size.height() & ~1);
        context.pix_fmt(avutil.AV_PIX_FMT_YUV420P);
        context.time_base().num(1).den(rate.perSecond());
        context.framerate().num(rate.perSecond()).den(1);
        context.bit_rate(bitrate.bitsPerSecond()).rc_max_rate(bitrate.bitsPerSecond());
        context.gop_size(0).max_b_frames(0);
        context.thread_count(threads).slices(threads);
        context.color_range(avutil.AVCOL_RANGE_MPEG).colorspace(avutil.AVCOL_SPC_BT709);
        context.color_primaries(avutil.AVCOL_PRI_BT709).color_trc(avutil.AVCOL_TRC_BT709);
        AVDictionary options = new AVDictionary(null);
        avutil.av_dict_set(options, "allow_skip_frames", "0", 0);
        avutil.av_dict_set(options, "loopfilter", "1", 0);
        Ffmpeg.forget();
        int result = avcodec.avcodec_open2(context, codec, options);
        avutil.av_dict_free(options);
        if (result < 0) {
            avcodec.avcodec_free_context(context);
            throw new StreamException(
                    EncodeError.SPEC_REFUSED,
                    NAME + " refused " + size + " at " + rate.perSecond() + "/s and " + bitrate + ": "
                            + Ffmpeg.reason(result));
        }
        return new OpenH264(context, picture(context), allocated(avcodec.av_packet_alloc()), size);
    }

    private static AVCodec codec() {
        try {
            Ffmpeg.load();
        } catch (LinkageError e) {
            throw new StreamException(
                    EncodeError.DEVICE_UNAVAILABLE, "FFmpeg can't be loaded here: " + e.getMessage(), e);
        }
        AVCodec codec = avcodec.avcodec_find_encoder_by_name(NAME);
        if (codec == null) {
            throw new StreamException(
                    EncodeError.DEVICE_UNAVAILABLE, "this FFmpeg (" + Ffmpeg.version() + ") has no " + NAME);
        }
        return codec;
    }

    private static AVFrame picture(AVCodecContext context) {
        AVFrame picture = allocated(avutil.av_frame_alloc());
        picture.format(context.pix_fmt()).width(context.width()).height(context.height());
        picture.color_range(context.color_range()).colorspace(context.colorspace());
        int result = avutil.av_frame_get_buffer(picture, 0);
        if (result < 0) {
            throw new StreamException(EncodeError.DEVICE_LOST, "no memory for a picture: " + Ffmpeg.reason(result));
        }
        return picture;
    }

    private static <P extends Pointer> P allocated(P pointer) {
        if (pointer == null || pointer.isNull()) {
            throw new StreamException(EncodeError.DEVICE_LOST, "FFmpeg is out of memory");
        }
        return pointer;
    }

    /** Converts a frame of the encoder's size into the picture that {@link #encode} codes next. */
    void load(Frame frame) {
        int result = avutil.av_frame_make_writable(picture);
        if (result < 0) {
            throw lost("no memory for a picture", result);
        }
        loader.load(frame);
    }

    /** Codes the picture; {@link #unit} is valid until {@link #releaseUnit}. Returns whether it is a key frame. */
    boolean encode(boolean forceKeyFrame) {
        picture.pts(presented++);
        picture.pict_type(forceKeyFrame ? avutil.AV_PICTURE_TYPE_I : avutil.AV_PICTURE_TYPE_NONE);
        Ffmpeg.forget();
        int result = avcodec.avcodec_send_frame(context, picture);
        if (result < 0) {
            throw lost("the encoder took no picture", result);
        }
        result = avcodec.avcodec_receive_packet(context, packet);
        if (result < 0) {
            throw lost("the encoder gave no access unit", result);
        }
        return (packet.flags() & avcodec.AV_PKT_FLAG_KEY) != 0;
    }

    @SuppressWarnings("restricted") // the packet's memory, of the size that FFmpeg says it has
    ByteBuffer unit() {
        return MemorySegment.ofAddress(packet.data().address())
                .reinterpret(packet.size())
                .asByteBuffer()
                .asReadOnlyBuffer();
    }

    void releaseUnit() {
        avcodec.av_packet_unref(packet);
    }

    private static StreamException lost(String what, int error) {
        return new StreamException(EncodeError.DEVICE_LOST, what + ": " + Ffmpeg.reason(error));
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            loader.close();
            avcodec.av_packet_free(packet);
            avutil.av_frame_free(picture);
            avcodec.avcodec_free_context(context);
        }
    }
}
