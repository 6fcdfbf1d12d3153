// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import java.time.Duration;

/**
 * How this host streams.
 *
 * @param capture name of the picture source, or {@link CaptureStage#AUTO}: the best that delivers
 * @param hang an encoder that does not return for so long is given up
 * @param warmUp an encoder, source or sink that does not open within it is given up, at first
 * @param silence a client that is not there for so long has left
 */
record StreamPlan(
        String capture,
        String display,
        Size size,
        FrameRate rate,
        Codec codec,
        Bitrate bitrate,
        Duration hang,
        Duration warmUp,
        Duration silence) {

    /**
     * How many times as long one may take to open that is asked again since there is nothing else: broken off each time at the same point, one
     * that is only slow, on a machine that is, would never open.
     */
    private static final int LAST_RESORT = 6;

    /** @param lastResort whether there is nothing else to ask */
    Duration toOpen(boolean lastResort) {
        return lastResort ? warmUp.multipliedBy(LAST_RESORT) : warmUp;
    }

    StreamPlan with(Codec other) {
        return new StreamPlan(capture, display, size, rate, other, bitrate, hang, warmUp, silence);
    }

    /** @param other the display that is asked for; empty: its own */
    StreamPlan showing(String other) {
        String shown = other.isEmpty() ? display : other;
        return new StreamPlan(capture, shown, size, rate, codec, bitrate, hang, warmUp, silence);
    }
}
