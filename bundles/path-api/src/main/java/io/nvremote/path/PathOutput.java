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
}
