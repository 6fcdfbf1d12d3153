// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelAddress;
import io.nvremote.tunnel.TunnelDatagrams;
import io.nvremote.tunnel.TunnelError;
import io.nvremote.tunnel.TunnelPort;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two addresses inside the tunnel: UDP ports, and ICMP echo both ways. Everything else that arrives is dropped and
 * counted. {@link #arrived} belongs to the receiving thread, the rest to any.
 */
final class InnerNetwork {

    /** Where inner packets go. Safe for any thread. */
    interface Outlet {

        /** Sends an inner packet of that length, with room for padding behind it; false if there is no session. */
        boolean send(byte[] packet, int length);

        /** The same, but the packet may wait for {@link #flush}. */
        default boolean gather(byte[] packet, int length) {
            return send(packet, length);
        }

        /** The longest inner packet that gets through now. */
        int mtuBytes();

        /** Sends what was gathered. */
        default void flush() {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(InnerNetwork.class);
    private static final Duration PING_AGAIN = Duration.ofMillis(200);
    private static final int MAX_PORT = 65_535;

    private final int address;
    private final int peer;
    private final int most;
    private final Outlet outlet;
    private final Clock clock;
    private final Map<Integer, Port> ports = new ConcurrentHashMap<>();
    private final Map<Integer, CompletableFuture<Long>> pings = new ConcurrentHashMap<>();
    private final int pingId = ThreadLocalRandom.current().nextInt(1 << 16);
    private final AtomicInteger pingSequence = new AtomicInteger();
    private final LongAdder sentDatagrams = new LongAdder();
    private final LongAdder sentBytes = new LongAdder();
    private final LongAdder receivedDatagrams = new LongAdder();
    private final LongAdder receivedBytes = new LongAdder();
    private final byte[] echo;
    private byte[] lentOf = new byte[0];
    private ByteBuffer lent = ByteBuffer.wrap(lentOf);

    /** @param most the longest inner packet that there may ever be */
    InnerNetwork(TunnelAddress address, TunnelAddress peer, int most, Outlet outlet, Clock clock) {
        this.address = address.bits();
        this.peer = peer.bits();
        this.most = most;
        this.outlet = outlet;
        this.clock = clock;
        this.echo = new byte[most + Protocol.PADDING];
    }

    TunnelPort bind(int port, TunnelDatagrams arrived) {
        if (port < 1 || port > MAX_PORT) {
            throw new StreamException(TunnelError.PORT_IN_USE, "a port is 1 to 65535: " + port);
        }
        Port fresh = new Port(port, arrived);
        if (ports.putIfAbsent(port, fresh) != null) {
            throw new StreamException(TunnelError.PORT_IN_USE, "port " + port + " inside the tunnel is open already");
        }
        return fresh;
    }

    /** Takes an authentic inner packet, padding included; false if it is not for us or of no kind we speak. */
    boolean arrived(byte[] packet, int available) {
        int length = InnerPacket.check(packet, available, peer, address);
        if (length < 0 || length > most) {
            return false; // nobody of ours sends more, and nothing here has room for it
        }
        return switch (packet[9]) {
            case InnerPacket.PROTOCOL_UDP -> InnerPacket.udpSound(packet, length) && udp(packet, length);
            case InnerPacket.PROTOCOL_ICMP -> InnerPacket.icmpSound(packet, length) && icmp(packet, length);
            default -> false;
        };
    }

    private boolean udp(byte[] packet, int length) {
        Port port = ports.get(InnerPacket.int16(packet, InnerPacket.IP_HEADER + 2));
        if (port == null) {
            return false;
        }
        int header = InnerPacket.IP_HEADER + InnerPacket.UDP_HEADER;
        receivedDatagrams.increment();
        receivedBytes.add(length - header);
        port.arrived.datagram(InnerPacket.int16(packet, InnerPacket.IP_HEADER), payload(packet, length - header));
        return true;
    }

    /** The same buffer for the same array, which the engine uses again and again: nothing is allocated per datagram. */
    private ByteBuffer payload(byte[] packet, int bytes) {
        if (lentOf != packet) {
            int header = InnerPacket.IP_HEADER + InnerPacket.UDP_HEADER;
            lentOf = packet;
            lent = ByteBuffer.wrap(packet).slice(header, packet.length - header);
        }
        return lent.clear().limit(bytes).order(ByteOrder.BIG_ENDIAN);
    }

    private boolean icmp(byte[] packet, int length) {
        int type = packet[InnerPacket.IP_HEADER];
        if (type == InnerPacket.ECHO_REQUEST) {
            System.arraycopy(packet, 0, echo, 0, length);
            outlet.send(
                    echo,
                    InnerPacket.echo(echo, InnerPacket.ECHO_REPLY, length - InnerPacket.IP_HEADER, address, peer));
            return true;
        }
        boolean ours = type == InnerPacket.ECHO_REPLY && InnerPacket.int16(packet, InnerPacket.IP_HEADER + 4) == pingId;
        CompletableFuture<Long> waiting = ours ? pings.get(InnerPacket.int16(packet, InnerPacket.IP_HEADER + 6)) : null;
        return waiting != null && waiting.complete(clock.nanos());
    }

    /** Echo requests every 200 ms until one is answered; the round trip of that one. */
    Duration ping(Duration timeout) {
        return ping(timeout, InnerPacket.IP_HEADER + InnerPacket.ICMP_HEADER + 24);
    }

    /** The same with the largest packets there are: whether the way carries them, there and back. */
    boolean carriesLargest(Duration timeout) {
        try {
            ping(timeout, outlet.mtuBytes());
            return true;
        } catch (StreamException e) {
            LOG.atInfo().addKeyValue(Keys.REASON, e.getMessage()).log("the path does not carry full-size packets");
            return false;
        }
    }

    private Duration ping(Duration timeout, int bytes) {
        long end = clock.nanos() + timeout.toNanos();
        while (clock.nanos() < end) {
            int sequence = pingSequence.getAndIncrement() & 0xFFFF;
            CompletableFuture<Long> answered = new CompletableFuture<>();
            pings.put(sequence, answered);
            try {
                byte[] packet = new byte[most + Protocol.PADDING];
                InnerPacket.int16(packet, InnerPacket.IP_HEADER + 4, pingId);
                InnerPacket.int16(packet, InnerPacket.IP_HEADER + 6, sequence);
                long begun = clock.nanos();
                outlet.send(
                        packet,
                        InnerPacket.echo(
                                packet, InnerPacket.ECHO_REQUEST, bytes - InnerPacket.IP_HEADER, address, peer));
                long wait = Math.min(PING_AGAIN.toNanos(), Math.max(1, end - begun));
                return Duration.ofNanos(answered.get(wait, TimeUnit.NANOSECONDS) - begun);
            } catch (TimeoutException e) {
                LOG.atDebug().addKeyValue(Keys.ATTEMPT, sequence).log("echo lost or late, asking again");
            } catch (ExecutionException e) {
                throw new IllegalStateException("nobody fails a ping", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            } finally {
                pings.remove(sequence);
            }
        }
        throw new StreamException(
                TunnelError.PEER_SILENT, "no echo of " + bytes + " bytes came through the tunnel within " + timeout);
    }

    long sentDatagrams() {
        return sentDatagrams.sum();
    }

    long sentBytes() {
        return sentBytes.sum();
    }

    long receivedDatagrams() {
        return receivedDatagrams.sum();
    }

    long receivedBytes() {
        return receivedBytes.sum();
    }

    /** One UDP port. */
    private final class Port implements TunnelPort {

        private final int number;
        private final TunnelDatagrams arrived;
        private final byte[] packet = new byte[most + Protocol.PADDING];

        Port(int number, TunnelDatagrams arrived) {
            this.number = number;
            this.arrived = arrived;
        }

        @Override
        public int maxDatagramBytes() {
            return outlet.mtuBytes() - InnerPacket.IP_HEADER - InnerPacket.UDP_HEADER;
        }

        @Override
        public int largestDatagramBytes() {
            return most - InnerPacket.IP_HEADER - InnerPacket.UDP_HEADER;
        }

        @Override
        public void send(int peerPort, ByteBuffer datagram) {
            synchronized (packet) {
                int payload = datagram.remaining();
                if (outlet.send(packet, fill(peerPort, datagram))) {
                    count(payload);
                }
            }
        }

        @Override
        public void sendAll(int peerPort, List<ByteBuffer> datagrams) {
            synchronized (packet) {
                try {
                    for (int i = 0; i < datagrams.size(); i++) {
                        ByteBuffer datagram = datagrams.get(i);
                        int payload = datagram.remaining();
                        if (outlet.gather(packet, fill(peerPort, datagram))) {
                            count(payload);
                        }
                    }
                } finally {
                    outlet.flush(); // also when a datagram was refused: those before it were accepted
                }
            }
        }

        /** Makes the inner packet; its length. */
        private int fill(int peerPort, ByteBuffer datagram) {
            int length = datagram.remaining();
            if (length > largestDatagramBytes()) {
                throw new IllegalArgumentException(
                        "a datagram inside this tunnel is at most " + largestDatagramBytes() + " bytes: " + length);
            }
            datagram.get(packet, InnerPacket.IP_HEADER + InnerPacket.UDP_HEADER, length);
            return InnerPacket.udp(packet, length, address, number, peer, peerPort);
        }

        private void count(int payload) {
            sentDatagrams.increment();
            sentBytes.add(payload);
        }

        @Override
        public void close() {
            ports.remove(number, this);
        }
    }
}
