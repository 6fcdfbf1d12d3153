// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.core.Clock;
import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.relay.RelayCounters;
import io.nvremote.relay.RelaySession;
import io.nvremote.relay.blind.BlindRelay;
import io.nvremote.tunnel.TunnelKeys;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;

/** The project's own relay on a loopback port, serving one session. */
final class LoopbackGateway implements AutoCloseable {

    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private volatile BlindRelay relay = new BlindRelay();
    final Secret clientTicket = ticket(1);
    final Secret hostTicket = ticket(2);

    LoopbackGateway() throws IOException {
        socket.setReceiveBufferSize(4 << 20);
        socket.setSoTimeout(200);
        Thread.ofPlatform().daemon().name("loopback-gateway").start(this::serve);
    }

    private static Secret ticket(int fill) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return new Secret(Base64.getEncoder().encodeToString(key));
    }

    /** Lets a session pass; called again, the relay begins anew and knows nothing but the session, as after a restart. */
    void serve(SessionId session, TunnelKeys client, TunnelKeys host) {
        BlindRelay fresh = new BlindRelay();
        fresh.upsert(
                1,
                new RelaySession(
                        session,
                        client.publicKey(),
                        host.publicKey(),
                        clientTicket,
                        hostTicket,
                        Clock.system().instant().plus(Duration.ofHours(1))));
        relay = fresh;
    }

    InetSocketAddress endpoint() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    RelayCounters counters() {
        return relay.counters();
    }

    private void serve() {
        Clock clock = Clock.system();
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        long ticked = clock.nanos();
        try {
            while (!socket.isClosed()) {
                packet.setLength(2048);
                try {
                    socket.receive(packet);
                    relay.handle(
                            ByteBuffer.wrap(packet.getData(), 0, packet.getLength()),
                            (InetSocketAddress) packet.getSocketAddress(),
                            clock.nanos(),
                            this::send);
                } catch (SocketTimeoutException e) {
                    ticked = 0;
                }
                if (clock.nanos() - ticked > Duration.ofSeconds(1).toNanos()) {
                    ticked = clock.nanos();
                    relay.tick(clock.instant(), ticked);
                }
            }
        } catch (SocketException e) {
            assert socket.isClosed() : e;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void send(ByteBuffer datagram, InetSocketAddress destination) {
        byte[] bytes = new byte[datagram.remaining()];
        datagram.get(bytes);
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, destination));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
