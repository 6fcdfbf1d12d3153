// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelDatagrams;
import io.nvremote.tunnel.TunnelPort;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The ports of a session inside its tunnel. A track that takes over binds the port that the one before it still has: both may
 * send, and what arrives goes to the one that began last. Safe for any thread.
 */
final class SessionPorts {

    /** One port of the tunnel and how many tracks have it. */
    private static final class Shared {
        private volatile TunnelDatagrams receiver = (port, datagram) -> {};
        private int users;
        private @Nullable TunnelPort real;
    }

    private final Tunnel tunnel;
    private final Map<Integer, Shared> shared = new HashMap<>();

    SessionPorts(Tunnel tunnel) {
        this.tunnel = tunnel;
    }

    synchronized Port bind(int number, TunnelDatagrams arrived) {
        Shared port = shared.computeIfAbsent(number, n -> new Shared());
        TunnelPort real = port.real;
        if (real == null) {
            real = tunnel.bind(number, (from, datagram) -> port.receiver.datagram(from, datagram));
            port.real = real;
        }
        port.users++;
        return new Port(number, port, real, arrived);
    }

    private synchronized void leave(int number, Shared port, TunnelPort real) {
        if (--port.users == 0) {
            shared.remove(number);
            real.close();
        }
    }

    /** A port as one track has it. */
    final class Port implements TunnelPort {

        private final int number;
        private final Shared port;
        private final TunnelPort real;
        private final TunnelDatagrams arrived;
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Port(int number, Shared port, TunnelPort real, TunnelDatagrams arrived) {
            this.number = number;
            this.port = port;
            this.real = real;
            this.arrived = arrived;
        }

        /** What arrives comes here from now on. */
        void take() {
            port.receiver = arrived;
        }

        @Override
        public int maxDatagramBytes() {
            return real.maxDatagramBytes();
        }

        @Override
        public int largestDatagramBytes() {
            return real.largestDatagramBytes();
        }

        @Override
        public void send(int peerPort, ByteBuffer datagram) {
            real.send(peerPort, datagram);
        }

        @Override
        public void sendAll(int peerPort, List<ByteBuffer> datagrams) {
            real.sendAll(peerPort, datagrams);
        }

        @Override
        public void close() {
            if (open.getAndSet(false)) {
                leave(number, port, real);
            }
        }
    }
}
