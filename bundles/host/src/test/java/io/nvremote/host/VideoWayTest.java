// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.stream.StreamPorts;
import io.nvremote.tunnel.TunnelPort;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VideoWayTest {

    @Test
    void what_leaves_together_enters_the_tunnel_together() {
        List<String> calls = new ArrayList<>();
        VideoWay way = new VideoWay(new TunnelPort() {
            @Override
            public int maxDatagramBytes() {
                return 1252;
            }

            @Override
            public void send(int peerPort, ByteBuffer datagram) {
                calls.add(peerPort + ": " + datagram.remaining());
            }

            @Override
            public void sendAll(int peerPort, List<ByteBuffer> datagrams) {
                calls.add(peerPort + ": "
                        + datagrams.stream().map(ByteBuffer::remaining).toList());
            }

            @Override
            public void close() {}
        });
        assertThat(way.maxDatagramBytes()).as("what the path carries").isEqualTo(1252);
        way.sendAll(List.of(ByteBuffer.allocate(3), ByteBuffer.allocate(4)));
        way.send(ByteBuffer.allocate(5));
        assertThat(calls).containsExactly(StreamPorts.VIDEO + ": [3, 4]", StreamPorts.VIDEO + ": 5");
    }
}
