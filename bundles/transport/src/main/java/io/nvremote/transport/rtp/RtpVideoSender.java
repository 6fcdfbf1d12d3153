// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.core.Clock;
import io.nvremote.media.AccessUnit;
import io.nvremote.transport.DatagramSender;
import io.nvremote.transport.SenderStats;
import io.nvremote.transport.VideoFeedback;
import io.nvremote.transport.VideoSender;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
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
        lock.lock();
        try {
            return closed ? Long.MAX_VALUE : stream.poll(now);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void send(AccessUnit unit) {
        lock.lock();
        try {
            if (!closed) {
                timer.wakeBy(stream.send(unit, clock.nanos()));
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void receive(ByteBuffer datagram) {
        boolean keyFrameWanted;
        lock.lock();
        try {
            keyFrameWanted = !closed && stream.receive(datagram, clock.nanos());
        } finally {
            lock.unlock();
        }
        if (keyFrameWanted) {
            feedback.keyFrameWanted();
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
