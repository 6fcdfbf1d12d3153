// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode;

import io.nvremote.core.Bitrate;
import io.nvremote.core.FrameRate;
import io.nvremote.media.Codec;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Sampling;
import io.nvremote.media.Size;
import io.nvremote.media.SurfaceKind;

/**
 * What one stream asks of an encoder, and what it gets: who can't make one of the other refuses at open.
 *
 * @param sampling what is coded of the colours
 * @param pictures where the pictures are and in which format; the encoder converts. Pictures that are not in the host's memory can
 *     be had there too, by {@link io.nvremote.media.Frame#host()}
 */
public record EncodeSpec(
        Codec codec, Size size, FrameRate rate, Bitrate bitrate, Sampling sampling, SurfaceKind pictures) {

    /** 4:2:0 in 8 bits of BGRA pictures in the host's memory: what every screen gives and every decoder takes. */
    public static EncodeSpec of(Codec codec, Size size, FrameRate rate, Bitrate bitrate) {
        return new EncodeSpec(codec, size, rate, bitrate, Sampling.YUV420_8, SurfaceKind.host(PixelFormat.BGRA));
    }
}
