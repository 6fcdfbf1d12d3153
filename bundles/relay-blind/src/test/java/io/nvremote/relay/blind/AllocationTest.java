// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import static io.nvremote.relay.blind.RelayBench.address;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.nvremote.relay.RelayOutput;
import io.nvremote.relay.RelaySession;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The path of data must not feed the collector: at 60 streams of 30 Mbit/s it carries 170,000 datagrams a second. */
class AllocationTest {

    private static final int DATAGRAMS = 200_000;

    private final RelayBench bench = new RelayBench();
    private final InetSocketAddress client = address(1, 1001);
    private final InetSocketAddress host = address(2, 2002);
    private long bytesOut;
    private final RelayOutput count = (datagram, to) -> bytesOut += datagram.remaining();

    private void run(ByteBuffer up, ByteBuffer down, ByteBuffer junk) {
        for (int i = 0; i < DATAGRAMS; i++) {
            bench.relay.handle(up, client, bench.now, count);
            bench.relay.handle(down, host, bench.now, count);
            bench.relay.handle(junk, host, bench.now, count);
        }
    }

    @Test
    void data_both_ways_and_junk_in_between_allocate_nothing() {
        RelaySession session = bench.added(bench.session(bench.key(), bench.key()));
        bench.connect(session, client, host, 0);
        ByteBuffer up = ByteBuffer.wrap(bench.data(0x200));
        ByteBuffer down = ByteBuffer.wrap(bench.data(0x100));
        ByteBuffer junk = ByteBuffer.allocate(100);
        run(up, down, junk);

        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        run(up, down, junk);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(bytesOut).isEqualTo(4L * DATAGRAMS * 128);
        assertThat(allocated).as("bytes for %d datagrams", 3 * DATAGRAMS).isLessThan(DATAGRAMS / 10);
    }
}
