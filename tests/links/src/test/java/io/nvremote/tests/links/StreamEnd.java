// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.links;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.tests.kit.ShapedLink;
import io.nvremote.transport.VideoSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The socket of either end. */
final class StreamEnd {

    static final int RATE = 30;
    static final long STREAM = 8_000_000;
    static final VideoSpec SPEC = new VideoSpec(0x4e565200, 1172, new FrameRate(RATE), new Bitrate(STREAM));

    private final DatagramSocket socket;
    private final InetSocketAddress peer;

    /** Reaches the peer there, and ends the process with its parent. */
    StreamEnd(String address) throws IOException {
        socket = new DatagramSocket(ShapedLink.PORT);
        socket.setReceiveBufferSize(4 << 20);
        peer = new InetSocketAddress(InetAddress.getByName(address), ShapedLink.PORT);
        Thread.ofPlatform().daemon().name("parent").start(() -> {
            try {
                System.in.transferTo(OutputStream.nullOutputStream()); // nothing is said to it
                System.exit(0);
            } catch (IOException e) {
                System.exit(1);
            }
        });
    }

    /** A datagram that can't be sent is as good as lost on the way. */
    void send(ByteBuffer datagram) {
        byte[] bytes = new byte[datagram.remaining()];
        datagram.get(bytes);
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, peer));
        } catch (IOException e) {
            assert !socket.isClosed() : e;
        }
    }

    /** Hands over what arrives, on this thread, for ever. */
    void receive(Consumer<ByteBuffer> to) {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        while (true) {
            try {
                packet.setLength(2048);
                socket.receive(packet);
            } catch (IOException e) {
                continue; // the link is not there yet
            }
            to.accept(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
        }
    }
}
