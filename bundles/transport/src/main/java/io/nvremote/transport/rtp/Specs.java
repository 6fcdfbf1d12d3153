// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.media.Codec;
import io.nvremote.transport.VideoSpec;

/** The rules of a {@link VideoSpec}, as far as this transport has any. */
final class Specs {

    private static final int MIN_PACKET = 576;
    private static final int MAX_PACKET = 1500;

    private Specs() {}

    static VideoSpec checked(VideoSpec spec) {
        if (!spec.codec().equals(Codec.H264)) {
            throw new StreamException(CoreError.INVALID_VALUE, "transport carries h264 only, not " + spec.codec());
        }
        if (spec.payloadBytes() < MIN_PACKET || spec.payloadBytes() > MAX_PACKET) {
            throw new StreamException(
                    CoreError.INVALID_VALUE,
                    "an RTP packet is " + MIN_PACKET + " to " + MAX_PACKET + " bytes long: " + spec.payloadBytes());
        }
        return spec;
    }
}
