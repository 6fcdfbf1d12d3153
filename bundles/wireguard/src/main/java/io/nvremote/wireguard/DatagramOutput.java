// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import java.net.InetSocketAddress;
import java.util.Arrays;

/** Where the protocol's datagrams go out. Called from any thread, must not block for long; a lost datagram is no error. */
@FunctionalInterface
interface DatagramOutput {

    /** Sends the first {@code length} bytes; the array is lent until the call returns. */
    void send(byte[] datagram, int length, InetSocketAddress to);

    /** Sends the datagrams of a burst in their order; it is lent until the call returns. */
    default void send(SendBatch burst, InetSocketAddress to) {
        for (int i = 0; i < burst.count(); i++) {
            byte[] datagram = Arrays.copyOfRange(burst.bytes(), burst.at(i), burst.at(i + 1));
            send(datagram, datagram.length, to);
        }
    }
}
