// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.media.AccessUnit;
import io.nvremote.transport.DatagramSender;
import io.nvremote.transport.SenderStats;
import io.nvremote.transport.VideoFeedback;
import io.nvremote.transport.VideoSender;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** A {@link SendStream} with a lock, the clock, and one thread for pacing and reports. */
final class RtpVideoSender implements VideoSender {

    private final ReentrantLock lock = new ReentrantLock();
    private final SendStream stream;
    private final Clock clock;
    private final VideoFeedback feedback;
    private final TimerThread timer;
    private boolean closed;

    RtpVideoSender(VideoSetup setup, DatagramSender out, VideoFeedback feedback, Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.feedback = feedback;
        stream = new SendStream(setup, out, random, clock.instant(), clock.nanos());
        timer = new TimerThread(Thread.ofPlatform().name("nvremote-video-pacer").daemon(), clock, this::tick);
        timer.start();
    }

    private long tick(long now) {
        return run(() -> stream.poll(now), now);
    }

    @Override
    public void send(AccessUnit unit) {
        long now = clock.nanos();
        timer.wakeBy(run(() -> stream.send(unit, now), now));
    }

    @Override
    public void receive(ByteBuffer datagram) {
        long now = clock.nanos();
        timer.wakeBy(run(() -> stream.receive(datagram, now), now));
    }

    /** One step of the protocol, then what it wants of the encoder, told without the lock. */
    private long run(LongSupplier step, long now) {
        long next;
        boolean keyFrame;
        long target;
        LostUnits.Loss loss;
        lock.lock();
        try {
            if (closed) {
                return Long.MAX_VALUE;
            }
            next = step.getAsLong();
            loss = stream.takeLoss();
            keyFrame = stream.takeKeyFrameWish(now);
            target = stream.takeTarget(now);
        } finally {
            lock.unlock();
        }
        if (loss != null) {
            feedback.lost(loss.first(), loss.last());
        }
        if (target > 0) {
            feedback.targetBitrate(new Bitrate(target));
        }
        if (keyFrame) {
            feedback.keyFrameWanted();
        }
        return next;
    }

    @Override
    public Duration pause() {
        lock.lock();
        try {
            return closed ? Duration.ZERO : Duration.ofNanos(stream.pauseNanos(clock.nanos()));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public SenderStats stats() {
        lock.lock();
        try {
            return stream.stats();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                stream.bye(clock.nanos());
            }
        } finally {
            lock.unlock();
        }
        timer.close();
    }
}
