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
 * @param warmUp an encoder that does not open within it is given up
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

    StreamPlan with(Codec other) {
        return new StreamPlan(capture, display, size, rate, other, bitrate, hang, warmUp, silence);
    }
}
