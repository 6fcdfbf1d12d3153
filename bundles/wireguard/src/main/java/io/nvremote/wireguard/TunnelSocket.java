// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.core.StreamException;
import io.nvremote.tunnel.TunnelError;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tunnel's one UDP socket. {@link #receive} belongs to one thread, sending to any.
 *
 * <p>A {@link DatagramSocket}, not a blocking DatagramChannel: an interrupt of whoever sends would close the latter, and
 * with it the tunnel.
 */
final class TunnelSocket implements DatagramOutput, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TunnelSocket.class);
    /** Room for a key frame's burst; the system may give less. */
    private static final int BUFFER_BYTES = 4 << 20;

    private final DatagramSocket socket;
    private final SegmentedSender bursts;
    private final DatagramPacket incoming = new DatagramPacket(new byte[0], 0);
    private final DatagramPacket outgoing = new DatagramPacket(new byte[0], 0);
    private final @Nullable SocketOption<Boolean> unfragmented;
    private @Nullable InetSocketAddress lastFrom;

    private TunnelSocket(DatagramSocket socket, Segmentation.Opener opener) {
        this.socket = socket;
        this.bursts = new SegmentedSender(opener, socket.getLocalPort());
        this.unfragmented = unfragmented(socket);
    }

    /** IP_DONTFRAGMENT, by its name: its class is in a module that not every runtime has. Null where it can't be set. */
    @SuppressWarnings("unchecked")
    private static @Nullable SocketOption<Boolean> unfragmented(DatagramSocket socket) {
        for (SocketOption<?> option : socket.supportedOptions()) {
            if (option.name().equals("IP_DONTFRAGMENT") && option.type() == Boolean.class) {
                return (SocketOption<Boolean>) option;
            }
        }
        return null;
    }

    /** Opens a socket on a free port of every address. */
    static TunnelSocket open() {
        return open(UdpSegmentation::open);
    }

    /** The same with another way for bursts. */
    static TunnelSocket open(Segmentation.Opener opener) {
        try {
            DatagramSocket socket = new DatagramSocket();
            try {
                socket.setReceiveBufferSize(BUFFER_BYTES);
                socket.setSendBufferSize(BUFFER_BYTES);
                return new TunnelSocket(socket, opener);
            } catch (SocketException e) {
                socket.close();
                throw e;
            }
        } catch (SocketException e) {
            throw new StreamException(TunnelError.SOCKET_UNAVAILABLE, "no UDP socket: " + e.getMessage(), e);
        }
    }

    /** Waits for a datagram; its length is {@link #received} afterwards. */
    InetSocketAddress receive(byte[] datagram) throws IOException {
        incoming.setData(datagram);
        socket.receive(incoming);
        InetSocketAddress last = lastFrom;
        // The same object while the sender stays the same: nothing is allocated per datagram.
        if (last == null
                || last.getPort() != incoming.getPort()
                || !last.getAddress().equals(incoming.getAddress())) {
            last = new InetSocketAddress(incoming.getAddress(), incoming.getPort());
            lastFrom = last;
        }
        return last;
    }

    int received() {
        return incoming.getLength();
    }

    @Override
    public void send(byte[] datagram, int length, InetSocketAddress to) {
        send(datagram, 0, length, to);
    }

    @Override
    public void sendWhole(byte[] datagram, int length, InetSocketAddress to) {
        synchronized (outgoing) { // data is sent under it, too: nothing of it meets the option
            try {
                if (unfragmented != null) {
                    socket.setOption(unfragmented, true);
                    send(datagram, 0, length, to);
                    socket.setOption(unfragmented, false);
                }
            } catch (IOException e) {
                LOG.atDebug().setCause(e).log("probe of size not sent");
            }
        }
    }

    @Override
    public void send(SendBatch burst, InetSocketAddress to) {
        for (int first = 0; first < burst.count(); ) {
            int run = burst.run(first);
            if (run == 1 || !bursts.send(burst, first, run, to)) {
                for (int i = first; i < first + run; i++) {
                    send(burst.bytes(), burst.at(i), burst.length(i), to);
                }
            }
            first += run;
        }
    }

    private void send(byte[] bytes, int offset, int length, InetSocketAddress to) {
        synchronized (outgoing) {
            try {
                outgoing.setData(bytes, offset, length);
                outgoing.setSocketAddress(to);
                socket.send(outgoing);
            } catch (IOException e) {
                // As good as lost on the way: the protocol repeats what matters.
                LOG.atDebug().setCause(e).log("datagram not sent");
            }
        }
    }

    /** How bursts leave. */
    SegmentedSender bursts() {
        return bursts;
    }

    int port() {
        return bursts.port();
    }

    @Override
    public void close() {
        bursts.close(); // first: a descriptor left over would keep what the JDK knows of this socket alive
        socket.close();
    }
}
