// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One picture, lent to the callee until the call returns. To keep it longer, {@link #retain} it and close what that
 * returns; the lender then waits with the memory's next use.
 *
 * <p><b>Threads.</b> A frame belongs to the thread it was lent to; a retained one to the thread that holds it.
 */
@ConsumerType
public interface Frame {

    /** Where the pixels are. Valid while the frame is. */
    Surface surface();

    /** The pixels in memory that the CPU reads, downloaded once where they are in a device's. Valid while the frame is. */
    default HostSurface host() {
        return HostSurface.of(surface());
    }

    default Size size() {
        return surface().size();
    }

    /** Rises by one for each picture of a capture session; a gap is a picture that was dropped. */
    long sequence();

    /** When each stage was done with this picture. */
    StageStamps stamps();

    /** Where this picture differs from the one before it; null if the source does not say: it may differ anywhere. */
    default @Nullable Damage damage() {
        return null;
    }

    /** Holds the memory beyond the call. Each call must be matched by one {@code close} of what it returns. */
    Retained retain();

    /** A hold on a frame's memory. */
    @ConsumerType
    interface Retained extends AutoCloseable {
        Frame frame();

        /** Lets the memory go. Idempotent. */
        @Override
        void close();
    }
}
