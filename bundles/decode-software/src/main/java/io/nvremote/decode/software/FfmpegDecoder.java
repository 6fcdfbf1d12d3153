// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode.software;

import io.nvremote.core.StreamException;
import io.nvremote.decode.DecodeError;
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
 * Wall: one open decoder of FFmpeg. Not safe for several threads at once.
 *
 * <p>Low delay and slice threads only, so that a picture comes out of the call that puts its unit in. FFmpeg conceals
 * what is missing of an H.264 picture; one that it marks so is refused here, and the caller asks for a key frame. (Without
 * concealment FFmpeg 8.0 marks every picture of several slices as damaged.)
 */
final class FfmpegDecoder implements AutoCloseable {

    private final AVCodecContext context;
    private final AVPacket packet;
    private final AVFrame picture;
    private long units;
    private boolean open = true;

    private FfmpegDecoder(AVCodecContext context, AVPacket packet, AVFrame picture) {
        this.context = context;
        this.packet = packet;
        this.picture = picture;
    }

    static FfmpegDecoder open(String name, int threads) {
        AVCodec codec = find(name);
        AVCodecContext context = allocated(avcodec.avcodec_alloc_context3(codec));
        context.flags(context.flags() | avcodec.AV_CODEC_FLAG_LOW_DELAY);
        context.thread_count(threads).thread_type(AVCodecContext.FF_THREAD_SLICE);
        context.err_recognition(avcodec.AV_EF_EXPLODE | avcodec.AV_EF_BITSTREAM | avcodec.AV_EF_BUFFER);
        Ffmpeg.forget();
        int result = avcodec.avcodec_open2(context, codec, (AVDictionary) null);
        if (result < 0) {
            avcodec.avcodec_free_context(context);
            throw new StreamException(
                    DecodeError.CODEC_UNAVAILABLE, "FFmpeg's decoder " + name + " refused: " + Ffmpeg.reason(result));
        }
        return new FfmpegDecoder(context, allocated(avcodec.av_packet_alloc()), allocated(avutil.av_frame_alloc()));
    }

    private static AVCodec find(String name) {
        try {
            Ffmpeg.load();
        } catch (LinkageError e) {
            throw new StreamException(
                    DecodeError.CODEC_UNAVAILABLE, "FFmpeg can't be loaded here: " + e.getMessage(), e);
        }
        AVCodec codec = avcodec.avcodec_find_decoder_by_name(name);
        if (codec == null) {
            throw new StreamException(
                    DecodeError.CODEC_UNAVAILABLE, "this FFmpeg (" + Ffmpeg.version() + ") has no decoder " + name);
        }
        return codec;
    }

    private static <P extends Pointer> P allocated(P pointer) {
        if (pointer == null || pointer.isNull()) {
            throw new StreamException(DecodeError.CODEC_UNAVAILABLE, "FFmpeg is out of memory");
        }
        return pointer;
    }

    /** Forgets all earlier pictures: what comes next is a key frame. */
    void restart() {
        avcodec.avcodec_flush_buffers(context);
        int result = 0;
        while (result >= 0) { // What it had ready to hand over outlives the flush.
            result = avcodec.avcodec_receive_frame(context, picture);
        }
    }

    /** Decodes one unit. True if it is sound and {@link #picture} holds it until {@link #releasePicture}. */
    boolean decode(ByteBuffer unit) {
        if (!unit.hasRemaining() || !fill(unit)) {
            return false;
        }
        packet.pts(++units);
        int sent = avcodec.avcodec_send_packet(context, packet);
        avcodec.av_packet_unref(packet);
        // Asked for in any case: what damage leaves behind would come with the next unit.
        int result = avcodec.avcodec_receive_frame(context, picture);
        boolean sound = sent >= 0
                && result >= 0
                && picture.pts() == units
                && picture.decode_error_flags() == 0
                && (picture.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) == 0
                && FfmpegPicture.usable(picture);
        if (!sound) {
            releasePicture();
        }
        return sound;
    }

    /** Copies the unit into a packet of FFmpeg's, which has the padding behind it that the decoder reads. */
    @SuppressWarnings("restricted") // the packet's memory, of the size it was made with
    private boolean fill(ByteBuffer unit) {
        int bytes = unit.remaining();
        if (avcodec.av_new_packet(packet, bytes) < 0) {
            return false;
        }
        MemorySegment to = MemorySegment.ofAddress(packet.data().address()).reinterpret(bytes);
        to.copyFrom(MemorySegment.ofBuffer(unit));
        return true;
    }

    FfmpegPicture picture() {
        return new FfmpegPicture(picture);
    }

    void releasePicture() {
        avutil.av_frame_unref(picture);
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            avutil.av_frame_free(picture);
            avcodec.av_packet_free(packet);
            avcodec.avcodec_free_context(context);
        }
    }
}
