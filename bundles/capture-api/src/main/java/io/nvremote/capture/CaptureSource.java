// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture;

import org.osgi.annotation.versioning.ConsumerType;

/** A way to take pictures of a screen. Implemented by vendors; grows only by default methods. Safe for any thread. */
@ConsumerType
public interface CaptureSource {

    /**
     * Begins to capture. The picture's size is the source's to tell: read it off the frames.
     *
     * @throws io.nvremote.core.StreamException {@link CaptureError#SOURCE_UNAVAILABLE} if there is nothing to capture
     *     here (no display, no rights), {@link CaptureError#SPEC_REFUSED} if the source can't do what is asked
     */
    CaptureSession open(CaptureSpec spec);
}
