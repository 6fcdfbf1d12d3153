// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode;

import io.nvremote.core.Bitrate;
import io.nvremote.media.Frame;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One stream of pictures being encoded on one device. No picture is held back: each frame's access unit is handed to the
 * sink before {@link #encode} returns. The first is a key frame; others only when asked for.
 *
 * <p><b>Threads.</b> {@link #encode} belongs to one thread at a time; {@link #retarget} and {@link #close} may be called
 * from any thread, also while {@code encode} runs.
 */
@ConsumerType
public interface EncoderSession extends AutoCloseable {

    /**
     * Encodes one frame and hands its access unit to the session's sink before returning. The unit carries the frame's
     * sequence and its stamps with {@code converted} and {@code encoded} added.
     *
     * @param frame borrowed for the duration of the call; of the spec's size
     * @param forceKeyFrame whether this frame must be decodable on its own
     * @throws io.nvremote.core.StreamException {@link EncodeError#DEVICE_LOST} if the device is gone: close this session
     *     and open another; {@link EncodeError#FRAME_REFUSED} if the frame is not of the spec's size or an unknown format
     */
    void encode(Frame frame, boolean forceKeyFrame);

    /**
     * Encodes the latest picture once more, sharper than it was: for a screen at rest, which has the whole rate for what no longer
     * moves. Otherwise as {@link #encode} without a key frame. The caller leaves time between two units for as long as the first
     * takes at the stream's rate, and calls until there is nothing to gain, or it has had enough.
     *
     * @param frame shows the same picture as the latest call
     * @return whether one more call could gain anything
     */
    default boolean refine(Frame frame) {
        encode(frame, false);
        return true;
    }

    /** Changes the target rate as soon as the device can; returns the rate now in force. */
    Bitrate retarget(Bitrate target);

    /**
     * The client has lost the units from the first to the last of these {@link Frame#sequence sequences}, and with them those
     * encoded since that refer to them: what is encoded from here on should refer to neither, where the device can do that. Else
     * nothing happens: a key frame is asked for beside this where one is needed. From any thread.
     */
    default void lost(long firstSequence, long lastSequence) {}

    /** Releases the device. Idempotent; waits for a running {@code encode} to finish. */
    @Override
    void close();
}
