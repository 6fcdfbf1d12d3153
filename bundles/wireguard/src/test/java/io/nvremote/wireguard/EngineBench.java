// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import com.sun.management.OperatingSystemMXBean;
import io.nvremote.core.PathPolicy;
import io.nvremote.core.SessionId;
import io.nvremote.path.probing.ProbingPaths;
import io.nvremote.tck.TunnelRelay;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelListener;
import io.nvremote.tunnel.TunnelPort;
import io.nvremote.tunnel.TunnelRole;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Payload bits per CPU-second of two tunnels of this process over loopback: the sending thread, the receiving thread (each
 * with the kernel's part), and both with everything else the process does. Prints a warm-up first. Arguments: seconds.
 */
final class EngineBench {

    private static final int BURST = 32;

    private EngineBench() {}

    public static void main(String[] arguments) throws Exception {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
        WireguardProvider provider = new WireguardProvider(new ProbingPaths());
        try (TunnelRelay relay = new TunnelRelay()) {
            TunnelKeys one = provider.newKeys();
            TunnelKeys two = provider.newKeys();
            SessionId session = SessionId.next();
            TunnelListener deaf = new TunnelListener() {};
            Tunnel host = provider.open(
                    VirtualPeer.spec(
                            session, TunnelRole.RESPONDER, one, two.publicKey(), relay.endpoint(), PathPolicy.AUTO),
                    deaf);
            Tunnel client = provider.open(
                    VirtualPeer.spec(
                            session, TunnelRole.INITIATOR, two, one.publicKey(), relay.endpoint(), PathPolicy.AUTO),
                    deaf);
            Machines.await(() -> client.awaitUp(Duration.ofSeconds(1)), "the tunnel");
            InetSocketAddress far = client.candidates().getFirst();
            ((WireguardTunnel) host).switchTo(far);
            measure(host, client, 3);
            measure(host, client, seconds);
        } finally {
            provider.close();
        }
    }

    private static void measure(Tunnel from, Tunnel to, int seconds) {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        AtomicLong arrived = new AtomicLong();
        AtomicLong receiver = new AtomicLong();
        try (TunnelPort sink = to.bind(2, (port, datagram) -> {
                    receiver.lazySet(Thread.currentThread().threadId());
                    arrived.lazySet(arrived.get() + datagram.remaining());
                });
                TunnelPort source = from.bind(1, (port, datagram) -> {})) {
            ByteBuffer payload = ByteBuffer.allocate(sink.maxDatagramBytes());
            source.send(2, payload.clear());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            long begun = System.nanoTime();
            long process = system.getProcessCpuTime();
            long sending = threads.getCurrentThreadCpuTime();
            long receiving = threads.getThreadCpuTime(receiver.get());
            long first = arrived.get();
            long sent = 0;
            while (System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(seconds)) {
                for (int i = 0; i < BURST; i++) {
                    source.send(2, payload.clear());
                    sent += payload.capacity();
                }
                long patience = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(5);
                while (sent - (arrived.get() - first) > (long) BURST * payload.capacity()
                        && System.nanoTime() < patience) {
                    LockSupport.parkNanos(50_000);
                }
                sent = Math.min(sent, arrived.get() - first + (long) BURST * payload.capacity());
            }
            double bits = (arrived.get() - first) * 8.0;
            System.out.printf(
                    "Gbit of payload per CPU-second: %.2f sending thread, %.2f receiving thread, %.2f whole process%n",
                    bits / (threads.getCurrentThreadCpuTime() - sending),
                    bits / (threads.getThreadCpuTime(receiver.get()) - receiving),
                    bits / (system.getProcessCpuTime() - process));
        }
    }
}
