// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import java.net.InetSocketAddress;

/** Where the protocol's datagrams go out. Called from any thread, must not block for long; a lost datagram is no error. */
@FunctionalInterface
interface Wire {

    /** Sends the first {@code length} bytes; the array is lent until the call returns. */
    void send(byte[] datagram, int length, InetSocketAddress to);
}
