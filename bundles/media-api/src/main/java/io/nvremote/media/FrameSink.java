// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

import org.osgi.annotation.versioning.ConsumerType;

/** Takes pictures, on the thread that made them. The frame is lent until {@link #accept} returns. */
@ConsumerType
@FunctionalInterface
public interface FrameSink {
    void accept(Frame frame);
}
