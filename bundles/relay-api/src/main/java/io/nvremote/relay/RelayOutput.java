// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** Sends what a {@link Relay} decided to send. Called on the thread of {@link Relay#handle}; must not block. */
@ConsumerType
@FunctionalInterface
public interface RelayOutput {

    /** One datagram, from position to limit; the buffer is lent until the call returns. */
    void send(ByteBuffer datagram, InetSocketAddress destination);
}
