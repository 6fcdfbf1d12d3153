// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;

/** A network and a clock that run as fast as the test can: datagrams take time, get lost and overtake each other. */
final class VirtualWorld {

    /** Something with an address. */
    interface Node {
        void received(byte[] datagram, InetSocketAddress from);

        void tick();
    }

    /** A datagram on its way. */
    static final class Flight {

        private final long arrives;
        private final long order;
        private final InetSocketAddress from;
        private final InetSocketAddress to;
        private final byte[] bytes;

        Flight(long arrives, long order, InetSocketAddress from, InetSocketAddress to, byte[] bytes) {
            this.arrives = arrives;
            this.order = order;
            this.from = from;
            this.to = to;
            this.bytes = bytes;
        }

        InetSocketAddress from() {
            return from;
        }

        InetSocketAddress to() {
            return to;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    /** Whether a datagram gets lost. */
    interface Loss {
        boolean loses(Flight flight);
    }

    private static final long TICK = Duration.ofMillis(100).toNanos();

    private final Map<InetSocketAddress, Node> nodes = new HashMap<>();
    private final PriorityQueue<Flight> flying = new PriorityQueue<>(
            Comparator.<Flight>comparingLong(flight -> flight.arrives).thenComparingLong(flight -> flight.order));
    private final List<Flight> seen = new ArrayList<>();
    final Random random = new Random(42);
    private long order;
    long now = 12_345;
    private long nextTick = now;
    long delay = Duration.ofMillis(10).toNanos();
    long jitter;
    Loss loss = flight -> false;

    void add(InetSocketAddress address, Node node) {
        nodes.put(address, node);
    }

    void move(InetSocketAddress from, InetSocketAddress to) {
        nodes.put(to, nodes.remove(from));
    }

    void send(InetSocketAddress from, InetSocketAddress to, byte[] bytes) {
        long late = jitter == 0 ? 0 : random.nextLong(jitter);
        Flight flight = new Flight(now + delay + late, order++, from, to, bytes);
        seen.add(flight);
        if (!loss.loses(flight)) {
            flying.add(flight);
        }
    }

    /** Everything sent so far. */
    List<Flight> seen() {
        return seen;
    }

    void run(Duration time) {
        long end = now + time.toNanos();
        while (now < end) {
            Flight next = flying.peek();
            long at = Math.min(end, nextTick);
            if (next != null && next.arrives <= at) {
                flying.remove();
                now = Math.max(now, next.arrives);
                Node node = nodes.get(next.to);
                if (node != null) {
                    node.received(next.bytes, next.from);
                }
                continue;
            }
            now = at;
            if (at == nextTick) {
                nextTick += TICK;
                List.copyOf(nodes.values()).forEach(Node::tick);
            }
        }
    }
}
