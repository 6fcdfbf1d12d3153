// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport;

import io.nvremote.media.AccessUnit;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The host's end of a video stream.
 *
 * <p><b>Threads.</b> {@link #send} belongs to one thread at a time; everything else may be called from any.
 */
@ProviderType
public interface VideoSender extends AutoCloseable {

    /**
     * Packetises one unit and begins to send it, paced at no more than one and a half times what the path carries. Copies
     * what it keeps.
     */
    void send(AccessUnit unit);

    /**
     * How long to wait before the next picture is encoded, since what was sent so far still waits for the path; zero: not
     * at all. Who obeys it loses no picture that others refer to, and sends the newest one when the path is free.
     */
    Duration pause();

    /** Takes one RTCP datagram that arrived from the receiver. Malformed ones are counted and dropped. */
    void receive(ByteBuffer datagram);

    /** Figures since the stream began. */
    SenderStats stats();

    /** Sends RTCP BYE and stops. Idempotent. */
    @Override
    void close();
}
