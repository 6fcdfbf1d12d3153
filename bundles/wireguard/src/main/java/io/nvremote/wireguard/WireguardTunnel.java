// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.path.PathListener;
import io.nvremote.path.PathProvider;
import io.nvremote.path.PathSelection;
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
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The IO around one {@link Engine}: a socket, a thread that receives (named {@code tunnel-receive}), a thread for timers
 * and for what the listener hears.
 */
final class WireguardTunnel implements Tunnel {

    private static final Logger LOG = LoggerFactory.getLogger(WireguardTunnel.class);
    private static final long TICK_MILLIS = 100;
    /** A machine that changes networks gets other addresses. */
    private static final long HOSTS_EVERY = TimeUnit.SECONDS.toNanos(15);
    /** A peer without a ticketed relay in between is greeted after this. */
    private static final long BIND_PATIENCE = TimeUnit.MILLISECONDS.toNanos(500);

    private final Clock clock;
    private final Identity identity;
    private final TunnelRole role;
    private final TunnelSocket socket;
    private final PathProvider paths;
    private final PathSelection path;
    private final Engine engine;
    private final InnerNetwork network;
    private final CountDownLatch up = new CountDownLatch(1);
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("tunnel-timers").daemon().factory());
    private final Thread receiver;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final long openedAt;
    private final InetSocketAddress relay;
    private long hostsReadAt;
    private boolean greeted;
    private @Nullable ScheduledFuture<?> ticking;

    private WireguardTunnel(
            TunnelSpec spec,
            Identity identity,
            TunnelSocket socket,
            PathProvider paths,
            TunnelListener listener,
            Clock clock) {
        this.clock = clock;
        this.identity = identity;
        this.role = spec.role();
        this.socket = socket;
        this.openedAt = clock.nanos();
        this.paths = paths;
        this.path = identity.open(paths, PathSpec.of(spec), socket, new Paths(listener), openedAt);
        this.engine = new Engine(
                new EngineSetup(identity, role, new Tai64n(clock.instant(), openedAt), spec.mtuBytes()),
                path,
                socket,
                new Sessions(listener),
                openedAt);
        this.network = new InnerNetwork(
                spec.address(),
                spec.peerAddress(),
                Math.max(spec.mtuBytes(), Protocol.MOST_MTU),
                new EngineOutlet(engine, clock),
                clock);
        this.receiver = Thread.ofPlatform().name("tunnel-receive").daemon().unstarted(this::receive);
        this.relay = spec.relay().endpoint();
        this.hostsReadAt = openedAt;
        path.hosts(paths.hostAddresses(relay, socket.port()));
    }

    /** Opens the socket and begins. Takes the spec's keys over, also when it fails. */
    static WireguardTunnel open(TunnelSpec spec, PathProvider paths, TunnelListener listener, Clock clock) {
        Identity identity = null;
        TunnelSocket socket = null;
        try {
            identity = Identity.of(spec.keys(), spec.peerPublicKey());
            socket = TunnelSocket.open();
            WireguardTunnel tunnel = new WireguardTunnel(spec, identity, socket, paths, listener, clock);
            tunnel.start();
            return tunnel;
        } catch (RuntimeException e) {
            spec.keys().close();
            if (identity != null) {
                identity.wipe();
            }
            if (socket != null) {
                socket.close();
            }
            throw e;
        }
    }

    private void start() {
        receiver.start();
        ticking = timers.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        long now = clock.nanos();
        try {
            if (now - hostsReadAt >= HOSTS_EVERY) {
                hostsReadAt = now;
                path.hosts(paths.hostAddresses(relay, socket.port()));
            }
            path.tick(now);
            if (!greeted && role == TunnelRole.INITIATOR && (path.bound() || now - openedAt >= BIND_PATIENCE)) {
                greeted = true;
                engine.hurry(now);
            }
            engine.tick(now);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("tunnel timer failed"); // the next tick must still come
        }
    }

    private void receive() {
        byte[] datagram = new byte[Engine.MAX_DATAGRAM];
        while (!closed.get()) {
            InetSocketAddress from;
            try {
                from = socket.receive(datagram);
            } catch (IOException e) {
                if (!closed.get()) {
                    LOG.atWarn().addKeyValue(Keys.REASON, e.getMessage()).log("tunnel socket failed");
                }
                return;
            }
            try {
                take(datagram, socket.received(), from);
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("a datagram could not be taken"); // one datagram must not end the tunnel
            }
        }
    }

    private void take(byte[] datagram, int length, InetSocketAddress from) {
        long now = clock.nanos();
        switch (path.received(datagram, length, from, now)) {
            case NOT_MINE -> engine.received(datagram, length, from, now);
            case REJECTED -> engine.reject();
            case TAKEN -> {}
        }
    }

    @Override
    public boolean awaitUp(Duration timeout) {
        try {
            return up.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public Duration ping(Duration timeout) {
        checkOpen();
        return network.ping(timeout);
    }

    @Override
    public boolean carriesLargest(Duration timeout) {
        checkOpen();
        return network.carriesLargest(timeout);
    }

    @Override
    public TunnelPort bind(int port, TunnelDatagrams arrived) {
        checkOpen();
        return network.bind(port, arrived);
    }

    boolean isClosed() {
        return closed.get();
    }

    private void checkOpen() {
        if (closed.get()) {
            throw new StreamException(TunnelError.CLOSED, "the tunnel is closed");
        }
    }

    @Override
    public List<InetSocketAddress> candidates() {
        return path.candidates();
    }

    @Override
    public void peerCandidates(List<InetSocketAddress> candidates) {
        path.peerCandidates(candidates, clock.nanos());
    }

    @Override
    public TunnelPath path() {
        return path.path();
    }

    /** Sends the data another way from now on, whatever the probes say. */
    void switchTo(InetSocketAddress endpoint) {
        path.switchTo(endpoint, clock.nanos());
    }

    /** How bursts leave: for tests of what became of them. */
    SegmentedSender bursts() {
        return socket.bursts();
    }

    @Override
    public TunnelStats stats() {
        return new TunnelStats(
                network.sentDatagrams(),
                network.sentBytes(),
                network.receivedDatagrams(),
                network.receivedBytes(),
                engine.rejected(),
                engine.handshakes(),
                path.changes());
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
        socket.close();
        try {
            if (Thread.currentThread() != receiver) {
                receiver.join(TimeUnit.SECONDS.toMillis(2));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        engine.wipe();
        identity.wipe();
    }

    /** Carries the engine's words to the listener. */
    private final class Sessions implements EngineEvents {

        private final TunnelListener listener;

        Sessions(TunnelListener listener) {
            this.listener = listener;
        }

        @Override
        public void up() {
            up.countDown();
            later(listener::up);
        }

        @Override
        public void silent() {
            later(listener::silent);
        }

        @Override
        public void inner(byte[] packet, int length) {
            if (!network.arrived(packet, length)) {
                engine.reject();
            }
        }
    }

    /** Carries path selection's words to the listener and the engine. */
    private final class Paths implements PathListener {

        private final TunnelListener listener;

        Paths(TunnelListener listener) {
            this.listener = listener;
        }

        @Override
        public void pathChanged(TunnelPath now) {
            later(() -> listener.pathChanged(now));
        }

        @Override
        public void candidatesChanged(List<InetSocketAddress> candidates) {
            later(() -> listener.candidatesChanged(candidates));
        }

        @Override
        public void relayNeedsHandshake() {
            later(() -> engine.hurry(clock.nanos()));
        }
    }

    /** Off the receiving thread, and with no lock held. */
    private void later(Runnable work) {
        Runnable guarded = () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("a tunnel listener failed");
            }
        };
        try {
            timers.execute(guarded);
        } catch (RejectedExecutionException e) {
            LOG.atDebug().log("nothing is told any more: the tunnel is closing");
        }
    }
}
