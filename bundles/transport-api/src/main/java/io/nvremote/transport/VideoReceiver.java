// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The client's end of a video stream. Asks again for what is missing (RFC 4585 generic NACK), gives a unit up when its
 * repair comes too late, and hands over only units whose references were handed over or that are key frames.
 *
 * <p><b>Threads.</b> All methods may be called from any thread; the sink runs on the thread that called {@link #receive}
 * or on the receiver's own timer thread, never on both at once.
 */
@ProviderType
public interface VideoReceiver extends AutoCloseable {

    /** Takes one RTP or RTCP datagram that arrived from the host. Malformed ones are counted and dropped. */
    void receive(ByteBuffer datagram);

    /** Asks the host for a key frame, at most once in 100 ms. */
    void requestKeyFrame();

    /** Offset from the host's monotonic clock to ours, from RTCP round trips; 0 until known. Same machine: near 0. */
    long hostClockOffsetNanos();

    /** Figures since the stream began. */
    ReceiverStats stats();

    /** Sends RTCP BYE and stops. Idempotent. */
    @Override
    void close();
}
