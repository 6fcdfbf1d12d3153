// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.relay.RelayRole;
import io.nvremote.relay.RelayUser;
import io.nvremote.relay.StunKey;
import io.nvremote.relay.StunMessage;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A relay for one session on a real socket: binds by ticket, forwards the rest. */
final class LoopbackRelay implements AutoCloseable {

    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final StunKey key = StunKey.of(VirtualRelay.TICKET);
    private final Map<RelayRole, SocketAddress> bound = new EnumMap<>(RelayRole.class);
    final AtomicInteger passed = new AtomicInteger();

    LoopbackRelay() throws IOException {
        Thread.ofPlatform().daemon().name("loopback-relay").start(this::run);
    }

    InetSocketAddress endpoint() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private void run() {
        byte[] buffer = new byte[2048];
        try {
            while (!socket.isClosed()) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                take(packet);
            }
        } catch (SocketException e) {
            passed.incrementAndGet(); // closed
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void take(DatagramPacket packet) throws IOException {
        InetSocketAddress from = (InetSocketAddress) packet.getSocketAddress();
        StunMessage stun = StunMessage.parse(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()))
                .orElse(null);
        if (stun == null) {
            RelayRole other = from.equals(bound.get(RelayRole.CLIENT)) ? RelayRole.HOST : RelayRole.CLIENT;
            SocketAddress to = bound.get(other);
            if (to != null) {
                packet.setSocketAddress(to);
                socket.send(packet);
                passed.incrementAndGet();
            }
            return;
        }
        RelayUser user = stun.username().flatMap(RelayUser::of).orElse(null);
        if (user != null && stun.verify(key)) {
            bound.put(user.role(), from);
            byte[] answer = StunMessage.bindingSuccess(stun.transaction(), from, key);
            socket.send(new DatagramPacket(answer, answer.length, from));
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
