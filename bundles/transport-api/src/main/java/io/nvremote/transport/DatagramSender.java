// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** Sends one datagram to the peer. Never blocks for long, never throws for a lost datagram. Safe for any thread. */
@ConsumerType
@FunctionalInterface
public interface DatagramSender {

    /** Sends position to limit. The buffer is the caller's again when this returns. */
    void send(ByteBuffer datagram);
}
