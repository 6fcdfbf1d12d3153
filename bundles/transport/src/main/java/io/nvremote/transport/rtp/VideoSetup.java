// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.transport.VideoSpec;

/** What both ends of a stream are made from: its {@link VideoSpec}, checked, and what this transport knows and is told. */
record VideoSetup(VideoSpec spec, TransportSettings settings, PayloadFormats formats) {

    private static final int MIN_PACKET = 576;
    private static final int MAX_PACKET = 1500;

    VideoSetup {
        if (spec.payloadBytes() < MIN_PACKET || spec.payloadBytes() > MAX_PACKET) {
            throw new StreamException(
                    CoreError.INVALID_VALUE,
                    "an RTP packet is " + MIN_PACKET + " to " + MAX_PACKET + " bytes long: " + spec.payloadBytes());
        }
    }

    VideoSetup(VideoSpec spec, TransportSettings settings) {
        this(spec, settings, PayloadFormats.STANDARD);
    }
}
