// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode.software;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.decode.DecoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Frame;
import io.nvremote.media.FrameSink;
import io.nvremote.media.LentFrame;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One stream. After the first sign of damage nothing is decoded until the next key frame: a picture built on a wrong one
 * is never shown.
 */
final class SoftwareSession implements DecoderSession {

    private final FfmpegDecoder decoder;
    private final FrameSink sink;
    private final Continuity continuity;
    private final ReentrantLock running = new ReentrantLock();
    private volatile boolean closed;
    private boolean needKeyFrame = true;

    SoftwareSession(FfmpegDecoder decoder, Continuity continuity, FrameSink sink) {
        this.decoder = decoder;
        this.continuity = continuity;
        this.sink = sink;
    }

    @Override
    public Decoded decode(AccessUnit unit) {
        running.lock();
        try {
            if (closed) {
                throw new StreamException(CoreError.INTERNAL, "the decoder session is closed");
            }
            return decodeOpen(unit);
        } finally {
            if (closed) {
                decoder.close();
            }
            running.unlock();
        }
    }

    private Decoded decodeOpen(AccessUnit unit) {
        if (unit.keyFrame()) {
            decoder.restart();
            needKeyFrame = false;
        }
        if (needKeyFrame || !continuity.follows(unit.data()) || !decoder.decode(unit.data())) {
            needKeyFrame = true;
            return Decoded.NEED_KEY_FRAME;
        }
        Frame frame = new LentFrame(decoder.picture(), unit.sequence(), unit.stamps(), null);
        try {
            sink.accept(frame);
        } finally {
            decoder.releasePicture();
        }
        return Decoded.PICTURE;
    }

    @Override
    public void close() {
        closed = true;
        boolean insideDecode = running.isHeldByCurrentThread();
        if (!insideDecode) {
            running.lock();
            try {
                decoder.close();
            } finally {
                running.unlock();
            }
        }
    }
}
