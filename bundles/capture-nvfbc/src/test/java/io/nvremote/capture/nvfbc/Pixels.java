// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSession.Grab;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import java.lang.foreign.ValueLayout;
import java.time.Duration;

/** What is in a picture. */
final class Pixels {

    static final Duration PATIENCE = Duration.ofSeconds(10);
    static final Duration QUIET = Duration.ofMillis(300);

    private Pixels() {}

    static int colour(Frame frame, int x, int y) {
        HostSurface.Plane plane = frame.host().planes().getFirst();
        return plane.memory().get(ValueLayout.JAVA_INT_UNALIGNED, (long) y * plane.strideBytes() + 4L * x) & 0xFFFFFF;
    }

    /** All of them, without the byte that says nothing. */
    static int[] all(Frame frame) {
        HostSurface.Plane plane = frame.host().planes().getFirst();
        int[] pixels = plane.memory().toArray(ValueLayout.JAVA_INT);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] &= 0xFFFFFF;
        }
        return pixels;
    }

    /** Until nothing changes any more. */
    static void settle(CaptureSession session) {
        Grab last = Grab.PICTURE;
        while (last == Grab.PICTURE) {
            last = session.grab(QUIET, frame -> {});
        }
    }
}
