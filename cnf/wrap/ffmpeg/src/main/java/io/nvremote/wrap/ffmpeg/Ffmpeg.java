// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wrap.ffmpeg;

import org.bytedeco.ffmpeg.avutil.LogCallback;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;

/**
 * FFmpeg in this process: loads it once, keeps its log quiet and remembers what it said.
 *
 * <p>FFmpeg often answers with a bare error number ("Operation not permitted") and puts the reason in its log alone. The
 * log callback is one per process, so it lives here, in the bundle that is never swapped, and calls no code of any other.
 *
 * <p><b>Threads.</b> Safe for any; {@link #reason} speaks of the calling thread's last call.
 */
public final class Ffmpeg {

    private static final ThreadLocal<String> LAST_ERROR = new ThreadLocal<>();
    private static final int ERROR_TEXT_BYTES = 128;

    private Ffmpeg() {}

    /**
     * Makes sure that avutil, avcodec and swscale are loaded. The first call takes about 0.3 s, and longer where the
     * libraries have to be unpacked (folder {@code org.bytedeco.javacpp.cachedir}).
     *
     * @throws LinkageError if they can't be loaded on this machine; the message names the library
     */
    public static void load() {
        Loaded.touch();
    }

    /** FFmpeg's version, as it was built. */
    public static String version() {
        load();
        return avutil.av_version_info().getString();
    }

    /** Forgets what the log said to this thread. Call before what may fail. */
    public static void forget() {
        LAST_ERROR.remove();
    }

    /** What an error number means, with the last error that the log told this thread since {@link #forget}. */
    public static String reason(int error) {
        byte[] text = new byte[ERROR_TEXT_BYTES];
        avutil.av_strerror(error, text, text.length);
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        String meaning = new String(text, 0, end, java.nio.charset.StandardCharsets.UTF_8);
        String said = LAST_ERROR.get();
        return said == null ? meaning : meaning + ": " + said;
    }

    /** Holds the libraries for the life of this class: the holder idiom loads them once, at first use. */
    private static final class Loaded {

        private static final Listener LISTENER = new Listener();

        static {
            Loader.load(avutil.class);
            Loader.load(avcodec.class);
            Loader.load(swscale.class);
            avutil.av_log_set_level(avutil.AV_LOG_ERROR);
            avutil.setLogCallback(LISTENER);
        }

        static void touch() {}
    }

    /** Called by FFmpeg on whichever thread is inside it. */
    private static final class Listener extends LogCallback {

        @Override
        public void call(int level, BytePointer message) {
            if (level <= avutil.AV_LOG_ERROR && message != null) {
                LAST_ERROR.set(message.getString().strip());
            }
        }
    }
}
