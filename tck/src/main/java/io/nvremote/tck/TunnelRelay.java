// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import io.nvremote.core.Secret;
import io.nvremote.relay.RelayRole;
import io.nvremote.relay.RelayUser;
import io.nvremote.relay.StunKey;
import io.nvremote.relay.StunMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A relay for one session on a socket of this machine: binds both sides by ticket, passes on the rest and remembers the newest of
 * it. Safe for any thread.
 */
public final class TunnelRelay implements AutoCloseable {

    private static final int REMEMBERED = 2000;

    private final DatagramSocket socket;
    private final byte[] ticket = new byte[32];
    private final StunKey key = StunKey.of(ticket);
    private final Map<RelayRole, InetSocketAddress> bound = new EnumMap<>(RelayRole.class);
    private final List<byte[]> seen = new CopyOnWriteArrayList<>();
    private volatile int longest = 2048;
    private final AtomicInteger passed = new AtomicInteger();

    /** On loopback. */
    public TunnelRelay() {
        this(InetAddress.getLoopbackAddress());
    }

    /** On a free port of that address. */
    public TunnelRelay(InetAddress address) {
        try {
            socket = new DatagramSocket(0, address);
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("tck-relay").start(this::run);
    }

    /** Where it listens. */
    public InetSocketAddress endpoint() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** The ticket of either side. */
    public Secret ticket() {
        return new Secret(Base64.getEncoder().encodeToString(ticket));
    }

    /** How many datagrams went from one side to the other. */
    public int passed() {
        return passed.get();
    }

    /** The first of what went from one side to the other. */
    public List<byte[]> seen() {
        return List.copyOf(seen);
    }

    /** Passes on nothing longer than that from now on. */
    public void narrow(int bytes) {
        longest = bytes;
    }

    private void run() {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        while (!socket.isClosed()) {
            try {
                packet.setLength(2048);
                socket.receive(packet);
                take(packet);
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void take(DatagramPacket packet) throws IOException {
        InetSocketAddress from = (InetSocketAddress) packet.getSocketAddress();
        ByteBuffer bytes = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
        Optional<StunMessage> stun = StunMessage.parse(bytes);
        if (stun.isPresent()) {
            bind(stun.get(), from);
            return;
        }
        RelayRole other = from.equals(bound.get(RelayRole.CLIENT)) ? RelayRole.HOST : RelayRole.CLIENT;
        InetSocketAddress to = bound.get(other);
        if (to != null && bound.containsValue(from) && packet.getLength() <= longest) {
            if (seen.size() < REMEMBERED) {
                seen.add(Arrays.copyOf(packet.getData(), packet.getLength()));
            }
            packet.setSocketAddress(to);
            socket.send(packet);
            passed.incrementAndGet();
        }
    }

    private void bind(StunMessage request, InetSocketAddress from) throws IOException {
        Optional<RelayUser> user = request.username().flatMap(RelayUser::of);
        if (user.isPresent() && request.verify(key)) {
            bound.put(user.get().role(), from);
            byte[] answer = StunMessage.bindingSuccess(request.transaction(), from, key);
            socket.send(new DatagramPacket(answer, answer.length, from));
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
