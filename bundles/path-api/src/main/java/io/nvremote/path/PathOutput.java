// SPDX-License-Identifier: Apache-2.0
package io.nvremote.path;

import java.net.InetSocketAddress;
import org.osgi.annotation.versioning.ConsumerType;

/** Where datagrams leave. Called from any thread, must not block for long; a lost datagram is no error. */
@ConsumerType
@FunctionalInterface
public interface PathOutput {

    /** Sends the first {@code length} bytes; the array is lent until the call returns. */
    void send(byte[] datagram, int length, InetSocketAddress to);

    /**
     * The same for a probe of size, which must arrive in one piece or not at all (IPv4: "don't fragment"), here and on its
     * way. Where a system can't do that nothing is sent, and no longer size is ever found.
     */
    default void sendWhole(byte[] datagram, int length, InetSocketAddress to) {
        send(datagram, length, to);
    }
}
