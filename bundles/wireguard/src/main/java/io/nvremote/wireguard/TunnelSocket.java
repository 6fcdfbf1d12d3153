// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.core.StreamException;
import io.nvremote.tunnel.TunnelError;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tunnel's one UDP socket. {@link #receive} belongs to one thread, {@link #send} to any. */
final class TunnelSocket implements Wire, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TunnelSocket.class);
    /** Room for a key frame's burst; the system may give less. */
    private static final int BUFFER_BYTES = 4 << 20;

    private static final int MAX_HOSTS = 8;

    private final DatagramChannel channel;
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(Engine.MAX_DATAGRAM);
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(Engine.MAX_DATAGRAM);
    private int received;

    private TunnelSocket(DatagramChannel channel) {
        this.channel = channel;
    }

    /** Opens a socket of the relay's address family on a free port. */
    static TunnelSocket open(InetSocketAddress relay) {
        boolean six = relay.getAddress() instanceof Inet6Address;
        try {
            DatagramChannel channel =
                    DatagramChannel.open(six ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
            try {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
                channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
                channel.bind(new InetSocketAddress(0));
                return new TunnelSocket(channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StreamException(TunnelError.SOCKET_UNAVAILABLE, "no UDP socket: " + e.getMessage(), e);
        }
    }

    /** Waits for a datagram; its length is {@link #received} afterwards. */
    InetSocketAddress receive(byte[] datagram) throws IOException {
        incoming.clear();
        InetSocketAddress from = (InetSocketAddress) channel.receive(incoming);
        incoming.flip();
        received = incoming.remaining();
        incoming.get(datagram, 0, received);
        return from;
    }

    int received() {
        return received;
    }

    @Override
    public void send(byte[] datagram, int length, InetSocketAddress to) {
        synchronized (outgoing) {
            outgoing.clear();
            outgoing.put(datagram, 0, length).flip();
            try {
                channel.send(outgoing, to);
            } catch (IOException e) {
                // As good as lost on the way: the protocol repeats what matters.
                LOG.atDebug().setCause(e).log("datagram not sent");
            }
        }
    }

    /** This machine's addresses with the socket's port; loopback only when the relay is on loopback too. */
    List<InetSocketAddress> hostAddresses(InetSocketAddress relay) {
        List<InetSocketAddress> found = new ArrayList<>();
        try {
            int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
            boolean four = relay.getAddress() instanceof Inet4Address;
            boolean loopback = relay.getAddress().isLoopbackAddress();
            for (NetworkInterface nic : NetworkInterface.networkInterfaces().toList()) {
                if (nic.isUp()) {
                    nic.inetAddresses()
                            .filter(a -> four == a instanceof Inet4Address)
                            .filter(a -> a.isLoopbackAddress() == loopback && usable(a))
                            .forEach(a -> found.add(new InetSocketAddress(a, port)));
                }
            }
        } catch (SocketException e) {
            LOG.atWarn().setCause(e).log("this machine's addresses can't be read");
        } catch (IOException e) {
            throw new StreamException(TunnelError.SOCKET_UNAVAILABLE, "the UDP socket has no address", e);
        }
        return found.size() > MAX_HOSTS ? List.copyOf(found.subList(0, MAX_HOSTS)) : found;
    }

    private static boolean usable(InetAddress address) {
        return !address.isLinkLocalAddress() && !address.isMulticastAddress();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("socket did not close cleanly");
        }
    }
}
