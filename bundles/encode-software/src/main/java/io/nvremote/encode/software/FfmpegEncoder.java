// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.core.Bitrate;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;

/** Encoders inside FFmpeg, and how each is told to hold nothing back and to make key frames only when asked. */
enum FfmpegEncoder {
    OPENH264("libopenh264") {
        @Override
        Map<String, String> describe(AVCodecContext context, Bitrate bitrate, int threads) {
            context.rc_max_rate(bitrate.bitsPerSecond());
            context.gop_size(0).max_b_frames(0);
            context.thread_count(threads).slices(threads);
            return Map.of("allow_skip_frames", "0", "loopfilter", "1");
        }
    },

    /**
     * libaom for real time, at a constant rate, of screens. Its fastest speed that codes every block that changes (decision 0051);
     * SVT-AV1's presets of that cost leave out more (decision 0038).
     */
    LIBAOM("libaom-av1") {
        @Override
        Map<String, String> describe(AVCodecContext context, Bitrate bitrate, int threads) {
            int rate = Math.toIntExact(bitrate.bitsPerSecond());
            context.rc_max_rate(rate).rc_min_rate(rate).rc_buffer_size(rate);
            context.gop_size(Integer.MAX_VALUE);
            context.thread_count(threads);
            return Map.of(
                    "usage", "realtime",
                    "cpu-used", "6",
                    "lag-in-frames", "0",
                    "row-mt", "1",
                    "aom-params", "tune-content=screen");
        }
    };

    private final String library;

    FfmpegEncoder(String library) {
        this.library = library;
    }

    /** FFmpeg's name of it. */
    String library() {
        return library;
    }

    /** Sets what is particular to it; returns the options of its own. */
    abstract Map<String, String> describe(AVCodecContext context, Bitrate bitrate, int threads);
}
