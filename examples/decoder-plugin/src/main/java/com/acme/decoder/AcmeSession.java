// SPDX-License-Identifier: Apache-2.0
package com.acme.decoder;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.decode.DecoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.FrameSink;
import io.nvremote.media.LentFrame;
import java.util.concurrent.locks.ReentrantLock;

/** One stream. After the first sign of damage nothing is decoded until the next key frame: a wrong picture is never shown. */
final class AcmeSession implements DecoderSession {

    private final FrameSink sink;
    private final FrameNumbers numbers = new FrameNumbers();
    private final ReentrantLock running = new ReentrantLock();
    private final FfmpegH264 decoder = new FfmpegH264();
    private volatile boolean closed;
    private boolean needKeyFrame = true;

    AcmeSession(FrameSink sink) {
        this.sink = sink;
    }

    @Override
    public Decoded decode(AccessUnit unit) {
        running.lock();
        try {
            if (closed) {
                throw new StreamException(CoreError.INTERNAL, "the decoder session is closed");
            }
            if (unit.keyFrame()) {
                decoder.restart();
                needKeyFrame = false;
            }
            if (needKeyFrame || !numbers.follows(unit.data()) || !decoder.decode(unit.data())) {
                needKeyFrame = true;
                return Decoded.NEED_KEY_FRAME;
            }
            try {
                sink.accept(new LentFrame(decoder.picture(), unit.sequence(), unit.stamps(), null));
            } finally {
                decoder.release();
            }
            return Decoded.PICTURE;
        } finally {
            if (closed) {
                decoder.close();
            }
            running.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        running.lock(); // waits for a running decode, unless a sink closes from within it
        try {
            if (running.getHoldCount() == 1) {
                decoder.close();
            }
        } finally {
            running.unlock();
        }
    }
}
