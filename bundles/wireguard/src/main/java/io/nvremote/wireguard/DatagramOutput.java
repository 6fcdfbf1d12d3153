// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.path.PathOutput;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** Where the protocol's datagrams go out: one by one as those of the paths do, and in bursts. */
@FunctionalInterface
interface DatagramOutput extends PathOutput {

    /** Sends the datagrams of a burst in their order; it is lent until the call returns. */
    default void send(SendBatch burst, InetSocketAddress to) {
        for (int i = 0; i < burst.count(); i++) {
            byte[] datagram = Arrays.copyOfRange(burst.bytes(), burst.at(i), burst.at(i + 1));
            send(datagram, datagram.length, to);
        }
    }
}
