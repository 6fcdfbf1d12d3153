// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport;

import org.osgi.annotation.versioning.ConsumerType;

/** What the receiver asks of the host's encoder. Called on a transport thread; must not block. */
@ConsumerType
public interface VideoFeedback {

    /** The receiver can't go on without a picture that is decodable on its own (RFC 4585 section 6.3.1, PLI). */
    void keyFrameWanted();
}
