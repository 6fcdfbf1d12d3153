// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A man in the middle between this side and one target: forwards both ways, keeps all datagrams, can send his own. */
final class Wiretap implements AutoCloseable {

    private final DatagramSocket near;
    private final DatagramSocket far;
    private final InetSocketAddress target;
    private volatile InetSocketAddress caller;
    /** From now on everything is lost, both ways. */
    volatile boolean severed;

    final List<byte[]> outward = new CopyOnWriteArrayList<>();
    final List<byte[]> inward = new CopyOnWriteArrayList<>();

    Wiretap(String address, InetSocketAddress target) throws IOException {
        this.target = target;
        near = new DatagramSocket(0, InetAddress.getByName(address));
        far = new DatagramSocket(0, InetAddress.getByName(address));
        Thread.ofPlatform().daemon().name("tap-out").start(() -> pump(near, far, outward));
        Thread.ofPlatform().daemon().name("tap-in").start(() -> pump(far, near, inward));
    }

    InetSocketAddress endpoint() {
        return (InetSocketAddress) near.getLocalSocketAddress();
    }

    private void pump(DatagramSocket from, DatagramSocket to, List<byte[]> kept) {
        try {
            while (!from.isClosed()) {
                DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
                from.receive(packet);
                if (from == near) {
                    caller = (InetSocketAddress) packet.getSocketAddress();
                }
                byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
                kept.add(bytes);
                send(to, bytes);
            }
        } catch (SocketException e) {
            kept.add(new byte[0]); // closed: the end of the recording
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void send(DatagramSocket socket, byte[] bytes) throws IOException {
        InetSocketAddress to = socket == far ? target : caller;
        if (to != null && !severed) {
            socket.send(new DatagramPacket(bytes, bytes.length, to));
        }
    }

    /** Sends bytes to the target as if they came through here. */
    void injectOutward(byte[] bytes) throws IOException {
        send(far, bytes);
    }

    /** Sends bytes to this side as if they came through here. */
    void injectInward(byte[] bytes) throws IOException {
        send(near, bytes);
    }

    @Override
    public void close() {
        near.close();
        far.close();
    }
}
