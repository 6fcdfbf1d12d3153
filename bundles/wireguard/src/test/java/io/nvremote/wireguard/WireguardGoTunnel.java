// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.core.StreamException;
import io.nvremote.path.LocalProxy;
import io.nvremote.path.PathListener;
import io.nvremote.path.PathProvider;
import io.nvremote.path.PathSpec;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelDatagrams;
import io.nvremote.tunnel.TunnelError;
import io.nvremote.tunnel.TunnelListener;
import io.nvremote.tunnel.TunnelPath;
import io.nvremote.tunnel.TunnelPort;
import io.nvremote.tunnel.TunnelRole;
import io.nvremote.tunnel.TunnelSpec;
import io.nvremote.tunnel.TunnelStats;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** One wireguard-go device as a session's tunnel. Its handshakes are counted by looking, so two in one glance are one. */
final class WireguardGoTunnel implements Tunnel {

    private final TunnelSpec spec;
    private final WireguardGoDevice device;
    private final LocalProxy proxy;
    private final TunnelListener listener;
    private final Set<Port> ports = ConcurrentHashMap.newKeySet();
    private final Thread watch;
    private volatile boolean closed;
    private final AtomicLong handshakes = new AtomicLong();
    private String lastHandshake = "0.0";

    private WireguardGoTunnel(TunnelSpec spec, WireguardGoDevice device, LocalProxy proxy, TunnelListener listener) {
        this.spec = spec;
        this.device = device;
        this.proxy = proxy;
        this.listener = listener;
        this.watch = Thread.ofPlatform().daemon().name("wireguard-go-watch").start(this::watch);
    }

    static WireguardGoTunnel open(TunnelSpec spec, PathProvider paths, TunnelListener listener) {
        Identity identity = Identity.of(spec.keys(), spec.peerPublicKey());
        WireguardGoDevice device = new WireguardGoDevice(spec.address(), spec.peerAddress(), spec.mtuBytes());
        byte[] secret = identity.staticShared();
        try {
            LocalProxy proxy =
                    paths.proxy(PathSpec.of(spec), secret, device.key(identity.privateKey()), new PathListener() {
                        @Override
                        public void pathChanged(TunnelPath path) {
                            listener.pathChanged(path);
                        }

                        @Override
                        public void candidatesChanged(List<InetSocketAddress> candidates) {
                            listener.candidatesChanged(candidates);
                        }
                    });
            boolean calls = spec.role() == TunnelRole.INITIATOR;
            device.peer(identity.peerPublicKey(), proxy.endpoint().getPort(), spec.peerAddress(), calls);
            return new WireguardGoTunnel(spec, device, proxy, listener);
        } catch (StreamException e) {
            device.close();
            throw e;
        } finally {
            Curve25519.wipe(secret);
            identity.wipe();
        }
    }

    private void watch() {
        while (!closed) {
            if (look()) {
                listener.up();
            }
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                return; // closed
            }
        }
    }

    /** Whether there was a handshake since the last look. */
    private synchronized boolean look() {
        Map<String, String> figures = device.figures();
        String last = figures.get("last_handshake_time_sec") + "." + figures.get("last_handshake_time_nsec");
        if (!figures.containsKey("last_handshake_time_sec") || last.equals(lastHandshake) || last.equals("0.0")) {
            return false;
        }
        lastHandshake = last;
        handshakes.incrementAndGet();
        return true;
    }

    private static boolean within(Duration timeout, BooleanSupplier state) {
        long end = System.nanoTime() + timeout.toNanos();
        while (!state.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean awaitUp(Duration timeout) {
        return within(timeout, () -> handshakes.get() > 0);
    }

    @Override
    public Duration ping(Duration timeout) {
        checkOpen();
        long begun = System.nanoTime();
        if (!within(timeout, () -> device.ping(spec.peerAddress(), 32))) {
            throw new StreamException(TunnelError.PEER_SILENT, "no echo within " + timeout);
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Override
    public boolean carriesLargest(Duration timeout) {
        checkOpen();
        return within(timeout, () -> device.ping(spec.peerAddress(), spec.mtuBytes() - 28));
    }

    @Override
    public TunnelPort bind(int port, TunnelDatagrams arrived) {
        checkOpen();
        Port opened = new Port(port, arrived);
        ports.add(opened);
        return opened;
    }

    private void checkOpen() {
        if (closed) {
            throw new StreamException(TunnelError.CLOSED, "the tunnel is closed");
        }
    }

    @Override
    public List<InetSocketAddress> candidates() {
        return proxy.candidates();
    }

    @Override
    public void peerCandidates(List<InetSocketAddress> candidates) {
        proxy.peerCandidates(candidates);
    }

    @Override
    public TunnelPath path() {
        return proxy.path();
    }

    @Override
    public TunnelStats stats() {
        if (!closed && look()) { // The one who watches may be late on a busy machine.
            listener.up();
        }
        return new TunnelStats(0, 0, 0, 0, proxy.rejected(), handshakes.get(), proxy.changes());
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        watch.interrupt();
        try {
            watch.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ports.forEach(Port::close);
        proxy.close();
        device.close();
    }

    /** A UDP port of the kernel on the device's address. */
    private final class Port implements TunnelPort {

        private final DatagramSocket socket;
        private final Thread reader;

        Port(int number, TunnelDatagrams arrived) {
            try {
                socket = new DatagramSocket(new InetSocketAddress(spec.address().toInetAddress(), number));
            } catch (BindException e) {
                throw new StreamException(TunnelError.PORT_IN_USE, "port " + number + ": " + e.getMessage(), e);
            } catch (SocketException e) {
                throw new IllegalStateException(e);
            }
            reader = Thread.ofPlatform().daemon().name("wireguard-go-port").start(() -> receive(arrived));
        }

        private void receive(TunnelDatagrams arrived) {
            DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
            while (!socket.isClosed()) {
                try {
                    socket.receive(packet);
                } catch (IOException e) {
                    continue; // closed, or the peer's port is
                }
                arrived.datagram(packet.getPort(), ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
            }
        }

        @Override
        public int maxDatagramBytes() {
            return spec.mtuBytes() - 28;
        }

        @Override
        public void send(int peerPort, ByteBuffer datagram) {
            byte[] bytes = new byte[datagram.remaining()];
            if (bytes.length > maxDatagramBytes()) {
                throw new IllegalArgumentException("at most " + maxDatagramBytes() + " bytes: " + bytes.length);
            }
            datagram.get(bytes);
            try {
                socket.send(new DatagramPacket(
                        bytes,
                        bytes.length,
                        new InetSocketAddress(spec.peerAddress().toInetAddress(), peerPort)));
            } catch (IOException e) {
                assert true : "lost without a word: " + e;
            }
        }

        @Override
        public void close() {
            ports.remove(this);
            socket.close();
            if (Thread.currentThread() != reader) { // The system keeps the port while somebody still reads from it.
                try {
                    reader.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
