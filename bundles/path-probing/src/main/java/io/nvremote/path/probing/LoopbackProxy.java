// SPDX-License-Identifier: Apache-2.0
package io.nvremote.path.probing;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.path.LocalProxy;
import io.nvremote.path.PathListener;
import io.nvremote.path.PathOutput;
import io.nvremote.path.PathSelection.Intake;
import io.nvremote.tunnel.TunnelError;
import io.nvremote.tunnel.TunnelPath;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two sockets and a {@link PathSelector} between them: inside a tunnel's own socket on loopback, outside the network. Three
 * threads: one for each direction and one for timers.
 */
final class LoopbackProxy implements LocalProxy {

    private static final Logger LOG = LoggerFactory.getLogger(LoopbackProxy.class);
    /** Of the WireGuard protocol's messages (whitepaper section 5.4), all that a proxy can tell apart. */
    private static final int INITIATION = 1;

    private static final int DATA = 4;
    private static final int MAX_DATAGRAM = 2048;
    /** Room for a key frame's burst; the system may give less. */
    private static final int BUFFER_BYTES = 4 << 20;

    private static final long TICK_MILLIS = 100;
    /** A machine that changes networks gets other addresses. */
    private static final long HOSTS_EVERY = TimeUnit.SECONDS.toNanos(15);
    /** A handshake waits so long for the relay to know this side, where it would get lost. */
    private static final long BIND_PATIENCE = TimeUnit.MILLISECONDS.toNanos(500);
    /** Longer than any round trip that is of use here. */
    private static final long UNANSWERED = TimeUnit.SECONDS.toNanos(1);

    private static final long NEVER = Long.MIN_VALUE;

    private final Clock clock;
    private final PathSetup setup;
    private final DatagramSocket inside;
    private final DatagramSocket outside;
    private final PathSelector paths;
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("path-proxy-timers").daemon().factory());
    private final Thread outward;
    private final Thread inward;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final LongAdder rejected = new LongAdder();
    private final long openedAt;
    private long hostsReadAt;
    private volatile long awaitingSince = NEVER;
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile @Nullable InetSocketAddress asked;
    private byte @Nullable [] held;
    private @Nullable ScheduledFuture<?> ticking;

    private LoopbackProxy(
            PathSetup setup, DatagramSocket inside, DatagramSocket outside, PathListener listener, Clock clock) {
        this.setup = setup;
        this.inside = inside;
        this.outside = outside;
        this.clock = clock;
        this.openedAt = clock.nanos();
        this.hostsReadAt = openedAt;
        this.paths = new PathSelector(setup, new Outside(), listener, openedAt);
        this.outward = Thread.ofPlatform().name("path-proxy-out").daemon().unstarted(() -> pump(inside, this::leave));
        this.inward = Thread.ofPlatform().name("path-proxy-in").daemon().unstarted(() -> pump(outside, this::arrive));
    }

    /** Opens both sockets and begins. */
    static LoopbackProxy open(PathSetup setup, int tunnelPort, PathListener listener, Clock clock) {
        DatagramSocket inside = null;
        DatagramSocket outside = null;
        try {
            inside = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            inside.connect(InetAddress.getLoopbackAddress(), tunnelPort); // the kernel drops what others send
            outside = new DatagramSocket();
            for (DatagramSocket socket : List.of(inside, outside)) {
                socket.setReceiveBufferSize(BUFFER_BYTES);
                socket.setSendBufferSize(BUFFER_BYTES);
            }
        } catch (SocketException e) {
            close(inside);
            close(outside);
            throw new StreamException(TunnelError.SOCKET_UNAVAILABLE, "no UDP socket: " + e.getMessage(), e);
        }
        LoopbackProxy proxy = new LoopbackProxy(setup, inside, outside, listener, clock);
        proxy.start();
        return proxy;
    }

    private static void close(@Nullable DatagramSocket socket) {
        if (socket != null) {
            socket.close();
        }
    }

    private void start() {
        paths.hosts(HostAddresses.read(setup.relay(), outside.getLocalPort()));
        outward.start();
        inward.start();
        ticking = timers.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            long now = clock.nanos();
            if (now - hostsReadAt >= HOSTS_EVERY) {
                hostsReadAt = now;
                paths.hosts(HostAddresses.read(setup.relay(), outside.getLocalPort()));
            }
            paths.tick(now);
            letHandshakeGo(now);
            long awaiting = awaitingSince;
            if (awaiting != NEVER && now - awaiting >= UNANSWERED) {
                paths.doubt(now);
            }
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("path timer failed"); // the next tick must still come
        }
    }

    /** What takes a datagram that arrived at a socket. */
    private interface Taker {
        void take(byte[] datagram, int length, InetSocketAddress from);
    }

    private void pump(DatagramSocket socket, Taker taker) {
        DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
        while (!closed.get()) {
            try {
                packet.setLength(MAX_DATAGRAM);
                socket.receive(packet);
                taker.take(packet.getData(), packet.getLength(), (InetSocketAddress) packet.getSocketAddress());
            } catch (IOException e) {
                // A tunnel that does not listen yet answers by ICMP: nothing to do but to go on.
                LOG.atDebug().setCause(e).log("nothing received");
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("a datagram could not be taken"); // one must not end the proxy
            }
        }
    }

    private void leave(byte[] datagram, int length, InetSocketAddress tunnel) {
        int type = length == 0 ? 0 : datagram[0];
        if (type == INITIATION) {
            synchronized (this) {
                held = Arrays.copyOf(datagram, length); // the newest is the one that counts
            }
            letHandshakeGo(clock.nanos());
            return;
        }
        InetSocketAddress answerTo = asked;
        send(datagram, length, type == DATA || answerTo == null ? paths.live() : answerTo);
        if (type == DATA && awaitingSince == NEVER) {
            awaitingSince = clock.nanos();
        }
    }

    private synchronized void letHandshakeGo(long now) {
        byte[] initiation = held;
        if (initiation != null && (paths.bound() || now - openedAt >= BIND_PATIENCE)) {
            held = null;
            send(initiation, initiation.length, paths.handshakeTarget(attempts.getAndIncrement()));
        }
    }

    private void arrive(byte[] datagram, int length, InetSocketAddress from) {
        Intake intake = paths.received(datagram, length, from, clock.nanos());
        if (intake == Intake.NOT_MINE && length > 0 && paths.expects(from)) {
            if (datagram[0] == INITIATION) {
                asked = from;
            } else {
                attempts.set(0);
                awaitingSince = NEVER;
            }
            send(inside, datagram, length, (InetSocketAddress) inside.getRemoteSocketAddress());
        } else if (intake != Intake.TAKEN) {
            rejected.increment();
        }
    }

    private void send(byte[] datagram, int length, InetSocketAddress to) {
        send(outside, datagram, length, to);
    }

    private static void send(DatagramSocket socket, byte[] datagram, int length, InetSocketAddress to) {
        try {
            socket.send(new DatagramPacket(datagram, length, to));
        } catch (IOException e) {
            // As good as lost on the way: the protocol repeats what matters.
            LOG.atDebug().setCause(e).log("datagram not sent");
        }
    }

    /** The way of bindings and probes. */
    private final class Outside implements PathOutput {

        @Override
        public void send(byte[] datagram, int length, InetSocketAddress to) {
            LoopbackProxy.this.send(datagram, length, to);
        }

        /** Neither asks nor answers: the size of the tunnel's own packets is fixed, so no peer may find a longer one. */
        @Override
        public void sendWhole(byte[] datagram, int length, InetSocketAddress to) {
            LOG.atDebug().addKeyValue(Keys.COUNT, length).log("a tunnel of fixed size probes no longer ones");
        }
    }

    @Override
    public InetSocketAddress endpoint() {
        return (InetSocketAddress) inside.getLocalSocketAddress();
    }

    @Override
    public TunnelPath path() {
        return paths.path();
    }

    @Override
    public List<InetSocketAddress> candidates() {
        return paths.candidates();
    }

    @Override
    public void peerCandidates(List<InetSocketAddress> candidates) {
        paths.peerCandidates(candidates, clock.nanos());
    }

    @Override
    public long changes() {
        return paths.changes();
    }

    @Override
    public long rejected() {
        return rejected.sum();
    }

    boolean isClosed() {
        return closed.get();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (ticking != null) {
            ticking.cancel(false);
        }
        timers.shutdownNow();
        inside.close();
        outside.close();
        try {
            for (Thread thread : List.of(outward, inward)) {
                if (Thread.currentThread() != thread) {
                    thread.join(TimeUnit.SECONDS.toMillis(2));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
