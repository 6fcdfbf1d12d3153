// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gateway;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.relay.Relay;
import io.nvremote.relay.RelayError;
import io.nvremote.relay.RelayOutput;
import io.nvremote.telemetry.Counter;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.telemetry.MetricSource;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The UDP port and the one platform thread that serves it. The thread owns the channel; everything else may be called
 * from any thread.
 */
final class DatagramLoop implements AutoCloseable, RelayOutput, MetricSource {

    private static final Logger LOG = LoggerFactory.getLogger(DatagramLoop.class);
    private static final int LARGEST = 65_536;
    private static final int SOCKET_BUFFER = 4 << 20;
    private static final long TICK_NANOS = 1_000_000_000L;
    private static final long TICK_MILLIS = 1_000;
    private static final Duration STALLED = Duration.ofSeconds(5);
    private static final Duration STOP = Duration.ofSeconds(2);

    private final DatagramChannel channel;
    private final Selector selector;
    private final InetSocketAddress address;
    private final Relay relay;
    private final Clock clock;
    private final Thread thread;
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(LARGEST);
    private final Counter received = new Counter(GatewayMetrics.RECEIVED);
    private final Counter sendFailures = new Counter(GatewayMetrics.SEND_FAILURES);
    private final Counter relayFailures = new Counter(GatewayMetrics.RELAY_FAILURES);
    private volatile long ticked;
    private volatile boolean open = true;

    private DatagramLoop(DatagramChannel channel, Selector selector, Relay relay, Clock clock) throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.relay = relay;
        this.clock = clock;
        address = (InetSocketAddress) channel.getLocalAddress();
        ticked = clock.nanos();
        thread = Thread.ofPlatform().name("gateway-udp").unstarted(this::run);
    }

    /**
     * Opens the port and starts the thread.
     *
     * @throws StreamException {@link RelayError#PORT_IN_USE}, {@link RelayError#SOCKET_UNAVAILABLE}
     */
    static DatagramLoop open(InetSocketAddress address, Relay relay, Clock clock) {
        DatagramChannel channel = null;
        Selector selector = null;
        try {
            channel = DatagramChannel.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER);
            channel.configureBlocking(false);
            channel.bind(address);
            selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
            DatagramLoop loop = new DatagramLoop(channel, selector, relay, clock);
            loop.thread.start();
            return loop;
        } catch (IOException e) {
            closeQuietly(selector);
            closeQuietly(channel);
            throw refused(address, e);
        }
    }

    private static StreamException refused(InetSocketAddress address, IOException e) {
        String port = "UDP " + address.getAddress().getHostAddress() + ":" + address.getPort();
        if (e instanceof BindException && String.valueOf(e.getMessage()).contains("in use")) {
            return new StreamException(
                    RelayError.PORT_IN_USE,
                    port + " is taken by another program: stop it, or change " + GatewayConfig.PID + " udp.port",
                    e);
        }
        return new StreamException(
                RelayError.SOCKET_UNAVAILABLE,
                port + " can't be opened (" + e.getMessage() + "): is " + GatewayConfig.PID
                        + " bind.address an address of this machine?",
                e);
    }

    private void run() {
        try {
            while (open) {
                selector.select(ready -> drain(), TICK_MILLIS);
                tick();
            }
        } catch (IOException | RuntimeException e) {
            if (open) {
                LOG.atError()
                        .setCause(e)
                        .addKeyValue(Keys.PORT, address.getPort())
                        .log("the gateway's port failed");
            }
        } finally {
            closeQuietly(selector);
            closeQuietly(channel);
        }
    }

    /** All that has arrived; ticks in between, so that a flood can't stop time. */
    private void drain() {
        try {
            while (open) {
                datagram.clear();
                InetSocketAddress source = (InetSocketAddress) channel.receive(datagram);
                if (source == null) {
                    return;
                }
                datagram.flip();
                received.increment();
                handle(source);
                tick();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void handle(InetSocketAddress source) {
        try {
            relay.handle(datagram, source, clock.nanos(), this);
        } catch (RuntimeException e) {
            // A defect of the relay costs this datagram, not the port. The first one is told, the rest are counted.
            relayFailures.increment();
            if (relayFailures.value() == 1) {
                LOG.atError().setCause(e).log("the relay failed on a datagram");
            }
        }
    }

    private void tick() {
        long now = clock.nanos();
        if (now - ticked >= TICK_NANOS) {
            relay.tick(clock.instant(), now);
            ticked = now;
        }
    }

    @Override
    public void send(ByteBuffer bytes, InetSocketAddress destination) {
        int position = bytes.position();
        try {
            if (channel.send(bytes, destination) == 0) {
                sendFailures.increment(); // the socket's buffer is full
            }
        } catch (IOException e) {
            sendFailures.increment(); // unreachable, for example
        } finally {
            bytes.position(position);
        }
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return address;
    }

    @Override
    public void report(MetricReport to) {
        received.report(to);
        sendFailures.report(to);
        relayFailures.report(to);
    }

    /** Whether the thread serves the port. */
    boolean alive() {
        return thread.isAlive() && clock.nanos() - ticked < STALLED.toNanos();
    }

    /** Ends the thread and gives the port back. Idempotent, bounded. */
    @Override
    public void close() {
        open = false;
        selector.wakeup();
        try {
            thread.join(STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(@Nullable Closeable closeable) {
        if (closeable != null) {
            try {
                closeable.close();
            } catch (IOException e) {
                LOG.atDebug().setCause(e).log("closing the gateway's port failed");
            }
        }
    }
}
