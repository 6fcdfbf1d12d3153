// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Messages in order and without loss over datagrams: input, cursor, control. Small messages only.
 *
 * <p><b>Threads.</b> All methods may be called from any thread.
 */
@ProviderType
public interface ControlChannel extends AutoCloseable {

    /** The longest message in bytes. */
    int MAX_MESSAGE_BYTES = 60_000;

    /**
     * Queues one message.
     *
     * @return false if the peer has not acknowledged for so long that the queue (1 MiB) is full: the channel is dead
     */
    boolean send(ByteBuffer message);

    /** Takes one datagram that arrived from the peer. Malformed ones are counted and dropped. */
    void receive(ByteBuffer datagram);

    /** Stops. Idempotent. */
    @Override
    void close();
}
