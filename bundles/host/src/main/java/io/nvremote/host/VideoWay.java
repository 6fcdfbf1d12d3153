// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.stream.StreamPorts;
import io.nvremote.transport.DatagramSender;
import io.nvremote.tunnel.TunnelPort;
import java.nio.ByteBuffer;
import java.util.List;

/** Video from the transport into the tunnel: what the pacer lets go together goes together. Safe for any thread. */
record VideoWay(TunnelPort port) implements DatagramSender {

    @Override
    public void send(ByteBuffer datagram) {
        port.send(StreamPorts.VIDEO, datagram);
    }

    @Override
    public int maxDatagramBytes() {
        return port.maxDatagramBytes();
    }

    @Override
    public void sendAll(List<ByteBuffer> datagrams) {
        port.sendAll(StreamPorts.VIDEO, datagrams);
    }
}
