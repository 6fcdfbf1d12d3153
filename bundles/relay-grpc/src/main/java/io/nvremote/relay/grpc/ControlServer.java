// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.nvremote.core.StreamException;
import io.nvremote.relay.GatewayInfo;
import io.nvremote.relay.RelayError;
import io.nvremote.relay.RelayTable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listening socket of the control port, one virtual thread for each call. Safe for any thread. */
final class ControlServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    /** A full set of some 50,000 sessions. */
    private static final int LARGEST_MESSAGE = 16 << 20;

    private final Server server;
    private final ExecutorService threads;

    private ControlServer(Server server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Opens the port.
     *
     * @throws StreamException {@link RelayError#PORT_IN_USE}, {@link RelayError#SOCKET_UNAVAILABLE}
     */
    static ControlServer open(InetSocketAddress address, Identity identity, RelayTable table, GatewayInfo info) {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            Server server = NettyServerBuilder.forAddress(address)
                    .sslContext(identity.server())
                    .executor(threads)
                    .maxInboundMessageSize(LARGEST_MESSAGE)
                    .permitKeepAliveTime(5, TimeUnit.SECONDS)
                    .permitKeepAliveWithoutCalls(true)
                    .addService(new GatewayControlService(table, info))
                    .build()
                    .start();
            return new ControlServer(server, threads);
        } catch (IOException e) {
            threads.shutdownNow();
            boolean taken = e instanceof BindException || e.getCause() instanceof BindException;
            throw new StreamException(
                    taken ? RelayError.PORT_IN_USE : RelayError.SOCKET_UNAVAILABLE,
                    "TCP " + address.getAddress().getHostAddress() + ":" + address.getPort() + " can't be opened ("
                            + e.getMessage() + "): stop the program that uses it, or change " + GatewayControlConfig.PID
                            + " port",
                    e);
        }
    }

    /** The TCP port that is served. */
    int port() {
        return server.getPort();
    }

    /** Gives the port back. Idempotent, bounded. */
    @Override
    public void close() {
        server.shutdownNow();
        try {
            if (!server.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.atWarn().log("the control port took too long to close");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }
}
