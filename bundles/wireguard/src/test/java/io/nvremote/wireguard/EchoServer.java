// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;

/** Sends every datagram back: {@code EchoServer address port}. Runs on the other machine. */
final class EchoServer {

    private EchoServer() {}

    public static void main(String[] arguments) throws IOException {
        try (DatagramSocket socket =
                new DatagramSocket(Integer.parseInt(arguments[1]), InetAddress.getByName(arguments[0]))) {
            DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
            while (!Thread.interrupted()) {
                packet.setLength(2048);
                socket.receive(packet);
                socket.send(packet);
            }
        }
    }
}
