// SPDX-License-Identifier: Apache-2.0
package io.nvremote.core;

/** Pictures a second; 1 to 480. */
public record FrameRate(int perSecond) {

    public FrameRate {
        if (perSecond < 1 || perSecond > 480) {
            throw new StreamException(CoreError.INVALID_VALUE, "frame rate must be 1 to 480: " + perSecond);
        }
    }

    /** Time between two pictures in nanoseconds. */
    public long intervalNanos() {
        return 1_000_000_000L / perSecond;
    }
}
