// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.glass;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** A UDP socket of loopback with one peer. Safe for any thread. */
final class Loopback {

    private final DatagramChannel channel;

    private Loopback(DatagramChannel channel) {
        this.channel = channel;
    }

    static Loopback open(int port, int peerPort) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20);
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), peerPort));
        return new Loopback(channel);
    }

    /** Lost without a word if nobody listens. */
    void send(ByteBuffer datagram) {
        try {
            channel.write(datagram);
        } catch (PortUnreachableException e) {
            // the other end is not there yet, or no more
        } catch (IOException e) {
            throw new IllegalStateException("loopback does not send", e);
        }
    }

    /** Waits for one datagram and leaves it between position and limit; false when the socket is closed. */
    boolean receive(ByteBuffer datagram) {
        while (channel.isOpen()) {
            try {
                datagram.clear();
                channel.read(datagram);
                datagram.flip();
                return true;
            } catch (PortUnreachableException e) {
                // what was sent before found nobody
            } catch (IOException e) {
                return false;
            }
        }
        return false;
    }
}
