// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.core.Clock;
import io.nvremote.transport.ControlChannel;
import io.nvremote.transport.ControlListener;
import io.nvremote.transport.DatagramSender;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link ControlStream} with a lock, the clock, a virtual thread for what is sent again, and the listener outside. */
final class DatagramControl implements ControlChannel {

    private static final Logger LOG = LoggerFactory.getLogger(DatagramControl.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Delivery delivery = new Delivery();
    private final ControlStream stream;
    private final ControlListener listener;
    private final Clock clock;
    private final TimerThread timer;
    private volatile boolean closed;
    private boolean failing;

    DatagramControl(DatagramSender out, ControlListener listener, Clock clock, RandomGenerator random) {
        this.listener = listener;
        this.clock = clock;
        stream = new ControlStream(out, random, clock.nanos());
        timer = new TimerThread(Thread.ofVirtual().name("nvremote-control"), clock, this::tick);
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
    public boolean send(ByteBuffer message) {
        lock.lock();
        try {
            boolean taken = !closed && stream.send(message, clock.nanos());
            timer.wakeBy(stream.due());
            return taken;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void receive(ByteBuffer datagram) {
        lock.lock();
        try {
            if (!closed) {
                stream.receive(datagram, clock.nanos());
                timer.wakeBy(stream.due());
            }
        } finally {
            lock.unlock();
        }
        delivery.run(this::drain);
    }

    private void drain() {
        for (byte[] message = next(); message != null && !closed; message = next()) {
            try {
                listener.message(ByteBuffer.wrap(message));
                failing = false;
            } catch (RuntimeException e) {
                if (!failing) {
                    LOG.atError().setCause(e).log("the listener of a control channel failed");
                }
                failing = true;
            }
        }
    }

    private byte @Nullable [] next() {
        lock.lock();
        try {
            return stream.poll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        timer.close();
    }
}
