// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport;

import io.nvremote.core.Bitrate;
import org.osgi.annotation.versioning.ConsumerType;

/** What the receiver asks of the host's encoder. Called on a transport thread; must not block. */
@ConsumerType
public interface VideoFeedback {

    /** The receiver can't go on without a picture that is decodable on its own (RFC 4585 section 6.3.1, PLI). */
    void keyFrameWanted();

    /**
     * Units from the first to the last of these {@link io.nvremote.media.AccessUnit#sequence sequences} are lost for good: what
     * refers to them can't be decoded. A key frame is wanted beside this where the receiver can't go on without one.
     */
    default void lost(long firstSequence, long lastSequence) {}

    /** The path carries so much; told again when that changes. */
    default void targetBitrate(Bitrate target) {}
}
