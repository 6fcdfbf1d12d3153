// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;

/**
 * A direct way to a socket of loopback that can be shut: what a router with NAT is between two machines. Safe for any
 * thread.
 */
final class TunnelGate implements AutoCloseable {

    private final DatagramSocket front = open();
    private final DatagramSocket back = open();
    private final InetSocketAddress target;
    private volatile InetSocketAddress caller;

    /** Passes on to that socket whatever comes, and back to who sent last what it answers. */
    TunnelGate(InetSocketAddress target) {
        this.target = target;
        this.caller = target;
        Thread.ofPlatform().daemon().name("tck-gate-in").start(this::inward);
        Thread.ofPlatform().daemon().name("tck-gate-out").start(this::outward);
    }

    private static DatagramSocket open() {
        try {
            return new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is reached. */
    InetSocketAddress endpoint() {
        return (InetSocketAddress) front.getLocalSocketAddress();
    }

    private void inward() {
        pump(front, back, true);
    }

    private void outward() {
        pump(back, front, false);
    }

    private void pump(DatagramSocket from, DatagramSocket to, boolean inward) {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        while (!from.isClosed()) {
            try {
                packet.setLength(2048);
                from.receive(packet);
                if (inward) {
                    caller = (InetSocketAddress) packet.getSocketAddress();
                }
                packet.setSocketAddress(inward ? target : caller);
                to.send(packet);
            } catch (IOException e) {
                if (!from.isClosed() && !to.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** Shuts the way for good. */
    @Override
    public void close() {
        front.close();
        back.close();
    }
}
