// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.tunnel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** An ordinary program behind wireguard-go's device. Arguments: own address, peer's address. */
final class SocketEnd {

    private SocketEnd() {}

    public static void main(String[] arguments) throws IOException {
        Flow flow = new Flow();
        DatagramChannel channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20);
        channel.bind(new InetSocketAddress(arguments[0], Flow.PORT));
        channel.connect(new InetSocketAddress(arguments[1], Flow.PORT));
        Thread.ofPlatform().daemon().name("bench-receive").start(() -> {
            ByteBuffer datagram = ByteBuffer.allocateDirect(65_536);
            while (true) {
                flow.received(receive(channel, datagram.clear()));
            }
        });
        flow.obey(step -> step.forEach(datagram -> send(channel, datagram)));
    }

    private static void send(DatagramChannel channel, ByteBuffer datagram) {
        try {
            channel.write(datagram);
        } catch (PortUnreachableException e) {
            // the peer was not there yet
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int receive(DatagramChannel channel, ByteBuffer datagram) {
        try {
            return channel.read(datagram);
        } catch (PortUnreachableException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
