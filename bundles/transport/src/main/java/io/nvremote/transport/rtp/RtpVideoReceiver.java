// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.core.Clock;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.transport.DatagramSender;
import io.nvremote.transport.ReceiverStats;
import io.nvremote.transport.VideoReceiver;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link ReceiveStream} with a lock, the clock, one thread for feedback, and the sink outside of the lock. */
final class RtpVideoReceiver implements VideoReceiver {

    private static final Logger LOG = LoggerFactory.getLogger(RtpVideoReceiver.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final UnitQueue queue = new UnitQueue();
    private final Delivery delivery = new Delivery();
    private final ReceiveStream stream;
    private final AccessUnitSink sink;
    private final Clock clock;
    private final TimerThread timer;
    private volatile boolean closed;
    private boolean failing;

    RtpVideoReceiver(VideoSetup setup, DatagramSender out, AccessUnitSink sink, Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.sink = sink;
        stream = new ReceiveStream(setup, out, queue, random, clock.nanos());
        timer = new TimerThread(
                Thread.ofPlatform().name("nvremote-video-feedback").daemon(), clock, this::tick);
        timer.start();
    }

    private long tick(long now) {
        long next;
        lock.lock();
        try {
            next = closed ? Long.MAX_VALUE : stream.poll(now);
        } finally {
            lock.unlock();
        }
        delivery.run(this::drain);
        return next;
    }

    @Override
    public void receive(ByteBuffer datagram) {
        lock.lock();
        try {
            if (!closed) {
                timer.wakeBy(stream.receive(datagram, clock.nanos()));
            }
        } finally {
            lock.unlock();
        }
        delivery.run(this::drain);
    }

    private void drain() {
        for (AccessUnit unit = queue.poll(); unit != null; unit = queue.poll()) {
            hand(unit);
            queue.giveBack(unit.data());
        }
    }

    /** A sink that fails has lost a reference: the stream goes on from the next key frame. */
    private void hand(AccessUnit unit) {
        if (closed) {
            return;
        }
        try {
            AccessUnit lent = new AccessUnit(
                    unit.codec(), unit.data().asReadOnlyBuffer(), unit.keyFrame(), unit.sequence(), unit.stamps());
            sink.accept(lent);
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.atError().setCause(e).log("the sink of a video stream failed");
            }
            failing = true;
            requestKeyFrame();
        }
    }

    @Override
    public void requestKeyFrame() {
        lock.lock();
        try {
            if (!closed) {
                timer.wakeBy(stream.requestKeyFrame(clock.nanos()));
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long hostClockOffsetNanos() {
        lock.lock();
        try {
            return stream.hostClockOffsetNanos();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public ReceiverStats stats() {
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
                stream.bye();
            }
        } finally {
            lock.unlock();
        }
        timer.close();
    }
}
