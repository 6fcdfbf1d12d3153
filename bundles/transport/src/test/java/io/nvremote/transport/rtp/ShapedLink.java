// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A link of real UDP sockets with a rate, a queue that drops what it can't hold, and a delay: what the kernel's netem would
 * do, where there is none. One way is shaped, the other delayed only. Rates may change while it runs.
 */
final class ShapedLink implements AutoCloseable {

    private static final int BUFFER = 4 << 20;
    private static final int HEADERS = 28 + 60;

    private final DatagramSocket front;
    private final DatagramSocket back;
    private final InetSocketAddress sender;
    private final InetSocketAddress receiver;
    private final long delayNanos;
    private final AtomicLong overflows = new AtomicLong();
    private volatile double bitsPerSecond;
    private final long queueNanos;
    private volatile boolean closed;

    @SuppressWarnings("ArrayRecordComponent")
    private record Flight(byte[] bytes, long at) {}

    /** Between two sockets of loopback. The sender sends to {@link #front}, the receiver to {@link #back}. */
    ShapedLink(InetSocketAddress sender, InetSocketAddress receiver, double megabits, int queueMillis, int delayMillis)
            throws IOException {
        this.sender = sender;
        this.receiver = receiver;
        bitsPerSecond = megabits * 1e6;
        queueNanos = queueMillis * 1_000_000L;
        delayNanos = delayMillis * 1_000_000L;
        front = open();
        back = open();
        pump(front, back, receiver, true);
        pump(back, front, sender, false);
    }

    private static DatagramSocket open() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setReceiveBufferSize(BUFFER);
        return socket;
    }

    private void pump(DatagramSocket from, DatagramSocket to, InetSocketAddress target, boolean shaped) {
        BlockingQueue<Flight> flying = new LinkedBlockingQueue<>();
        Thread.ofPlatform().daemon().name("link-in").start(() -> {
            DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
            long free = System.nanoTime();
            while (!closed) {
                try {
                    from.receive(packet);
                } catch (IOException e) {
                    return; // closed
                }
                long now = System.nanoTime();
                free = Math.max(free, now);
                if (shaped && free - now > queueNanos) {
                    overflows.incrementAndGet();
                    continue;
                }
                free += shaped ? (long) ((packet.getLength() + HEADERS) * 8 / bitsPerSecond * 1e9) : 0;
                flying.add(new Flight(Arrays.copyOf(packet.getData(), packet.getLength()), free + delayNanos));
            }
        });
        Thread.ofPlatform().daemon().name("link-out").start(() -> {
            while (!closed) {
                try {
                    Flight next = flying.take();
                    for (long left = next.at - System.nanoTime(); left > 0; left = next.at - System.nanoTime()) {
                        LockSupport.parkNanos(left);
                    }
                    to.send(new DatagramPacket(next.bytes, next.bytes.length, target));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                } catch (IOException e) {
                    if (!closed) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        });
    }

    InetSocketAddress front() {
        return (InetSocketAddress) front.getLocalSocketAddress();
    }

    InetSocketAddress back() {
        return (InetSocketAddress) back.getLocalSocketAddress();
    }

    /** It is so wide from now on. */
    void megabits(double megabits) {
        bitsPerSecond = megabits * 1e6;
    }

    /** Datagrams that its queue dropped. */
    long overflows() {
        return overflows.get();
    }

    @Override
    public void close() {
        closed = true;
        front.close();
        back.close();
    }

    @Override
    public String toString() {
        return "link from " + sender + " to " + receiver;
    }
}
