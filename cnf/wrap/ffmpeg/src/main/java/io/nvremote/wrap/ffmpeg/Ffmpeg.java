// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wrap.ffmpeg;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /**
     * On a thread that nobody interrupts: a stream that ends meanwhile would break the loading off, and a class whose
     * initialisation failed once stays failed for the life of the process. It holds the listener, which FFmpeg calls.
     */
    private static final FutureTask<Listener> LOADING = new FutureTask<>(Ffmpeg::loaded);

    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private Ffmpeg() {}

    /**
     * Makes sure that avutil, avcodec and swscale are loaded. The first call takes about 0.3 s, and longer where the
     * libraries have to be unpacked (folder {@code org.bytedeco.javacpp.cachedir}).
     *
     * @throws LinkageError if they can't be loaded on this machine; the message names the library. Also for a thread that is
     *     interrupted meanwhile
     */
    public static void load() {
        if (BEGUN.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("ffmpeg-load").start(LOADING);
        }
        try {
            LOADING.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LinkageError("interrupted while FFmpeg is being loaded, which goes on", e);
        } catch (ExecutionException e) {
            throw new LinkageError("FFmpeg can't be loaded: " + e.getCause(), e.getCause());
        }
    }

    private static Listener loaded() {
        Loader.load(avutil.class);
        Loader.load(avcodec.class);
        Loader.load(swscale.class);
        avutil.av_log_set_level(avutil.AV_LOG_ERROR);
        Listener listener = new Listener();
        avutil.setLogCallback(listener);
        return listener;
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
