// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A link with a rate, a queue that drops what it can't hold, a delay and loss: what the kernel's netem would do, where there
 * is none. A process between two namespaces ({@link TwoMachines}): each side sends to its address at {@link #PORT} and hears
 * the other from there. From a to b it is shaped, from b to a only delayed. Its rate may change while it runs: a line with a
 * number of Mbit/s on its input.
 */
public final class ShapedLink {

    /** Where it listens on either side, and where either side listens. */
    public static final int PORT = 5004;

    private static final int BUFFER = 4 << 20;
    /** IPv4, UDP, and a tunnel's own, which a real link carries as well. */
    private static final int HEADERS = 28 + 60;

    private final long queueNanos;
    private final long delayNanos;
    private final double loss;
    private final AtomicLong overflows = new AtomicLong();
    private volatile double bitsPerSecond;

    private record Flight(DatagramPacket packet, long at) {}

    private ShapedLink(double megabits, int queueMillis, int delayMillis, double loss) {
        this.bitsPerSecond = megabits * 1e6;
        this.queueNanos = queueMillis * 1_000_000L;
        this.delayNanos = delayMillis * 1_000_000L;
        this.loss = loss;
    }

    /**
     * Arguments: own address towards a, a's address, own address towards b, b's address, Mbit/s, queue in ms, delay of each
     * direction in ms, loss in percent. Prints READY, and {@code overflows=N} for each line of its input; ends with it.
     */
    @SuppressWarnings("SystemOut") // how its parent hears it
    public static void main(String[] arguments) throws IOException {
        ShapedLink link = new ShapedLink(
                Double.parseDouble(arguments[4]),
                Integer.parseInt(arguments[5]),
                Integer.parseInt(arguments[6]),
                Double.parseDouble(arguments[7]) / 100);
        DatagramSocket a = open(arguments[0]);
        DatagramSocket b = open(arguments[2]);
        link.pump(a, b, new InetSocketAddress(arguments[3], PORT), true);
        link.pump(b, a, new InetSocketAddress(arguments[1], PORT), false);
        System.out.println("READY");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            link.bitsPerSecond = Double.parseDouble(line) * 1e6;
            System.out.println("overflows=" + link.overflows.get());
        }
    }

    private static DatagramSocket open(String address) throws IOException {
        DatagramSocket socket = new DatagramSocket(PORT, InetAddress.getByName(address));
        socket.setReceiveBufferSize(BUFFER);
        return socket;
    }

    private void pump(DatagramSocket from, DatagramSocket to, InetSocketAddress target, boolean shaped) {
        BlockingQueue<Flight> flying = new LinkedBlockingQueue<>();
        Thread.ofPlatform().daemon().name("link-in").start(() -> take(from, target, shaped, flying));
        Thread.ofPlatform().daemon().name("link-out").start(() -> give(to, flying));
    }

    private void take(DatagramSocket from, InetSocketAddress target, boolean shaped, BlockingQueue<Flight> flying) {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        long free = System.nanoTime();
        while (true) {
            try {
                packet.setLength(2048);
                from.receive(packet);
            } catch (IOException e) {
                continue; // the other side does not listen yet
            }
            long now = System.nanoTime();
            free = Math.max(free, now);
            if (shaped && free - now > queueNanos) {
                overflows.incrementAndGet();
                continue;
            }
            free += shaped ? (long) ((packet.getLength() + HEADERS) * 8 / bitsPerSecond * 1e9) : 0;
            if (loss == 0 || ThreadLocalRandom.current().nextDouble() >= loss) {
                byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
                flying.add(new Flight(new DatagramPacket(bytes, bytes.length, target), free + delayNanos));
            }
        }
    }

    private void give(DatagramSocket to, BlockingQueue<Flight> flying) {
        while (true) {
            try {
                Flight next = flying.take();
                for (long left = next.at - System.nanoTime(); left > 0; left = next.at - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                to.send(next.packet);
            } catch (InterruptedException e) {
                return;
            } catch (IOException e) {
                overflows.incrementAndGet(); // nobody there: dropped as well
            }
        }
    }
}
