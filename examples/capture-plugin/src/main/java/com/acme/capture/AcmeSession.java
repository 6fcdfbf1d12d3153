// SPDX-License-Identifier: Apache-2.0
package com.acme.capture;

import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.core.Clock;
import io.nvremote.media.FrameSink;
import io.nvremote.media.LentFrame;
import io.nvremote.media.StageStamps;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One stream of pictures, each due one interval after the one before it, and never sooner. */
final class AcmeSession implements CaptureSession {

    private final Clock clock = Clock.system();
    private final long intervalNanos;
    private final int step;
    private final AcmePictures pictures;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private volatile boolean closed;
    private long dueNanos = clock.nanos();
    private long sequence;

    AcmeSession(CaptureSpec spec, int step) {
        this.step = step;
        intervalNanos = spec.rate().intervalNanos();
        pictures = new AcmePictures(spec.size()); // last: nothing after it needs it undone
    }

    @Override
    public Grab grab(Duration timeout, FrameSink sink) {
        long untilNanos = clock.nanos() + timeout.toNanos();
        lock.lock();
        try {
            while (!closed) {
                long now = clock.nanos();
                boolean due = now - dueNanos >= 0;
                AcmePictures.Picture picture = due ? pictures.take() : null;
                if (picture != null) {
                    dueNanos = now + intervalNanos;
                    picture.draw(sequence * step);
                    StageStamps stamps = StageStamps.captured(now, clock.nanos());
                    try (LentFrame frame = new LentFrame(picture, sequence++, stamps, null)) {
                        sink.accept(frame);
                    }
                    return Grab.PICTURE;
                }
                long left = untilNanos - now;
                if (left <= 0) {
                    return Grab.UNCHANGED;
                }
                // All pictures are held by somebody: an interval later one may be free.
                woken.awaitNanos(Math.min(left, due ? intervalNanos : dueNanos - now));
            }
            return Grab.CLOSED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true; // who interrupts a capture thread wants it to end
            return Grab.CLOSED;
        } finally {
            if (closed) {
                pictures.free();
            }
            lock.unlock();
        }
    }

    /** Every picture is another: the next one comes as soon as the rate allows. */
    @Override
    public void refresh() {}

    @Override
    public void close() {
        closed = true;
        lock.lock(); // waits for a running grab, unless a sink closes from within it
        try {
            woken.signalAll();
            if (lock.getHoldCount() == 1) {
                pictures.free();
            }
        } finally {
            lock.unlock();
        }
    }
}
