// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode.software;

import io.nvremote.media.Codec;
import java.util.List;
import java.util.function.Supplier;

/**
 * What is decoded here, and how.
 *
 * @param decoder FFmpeg's name of it
 * @param continuity notices what one stream's decoder would not
 */
record SoftwareCodec(Codec codec, String decoder, Supplier<Continuity> continuity) {

    /**
     * What costs the least first. A picture of HEVC names those that it refers to, and FFmpeg refuses it where one is missing;
     * FFmpeg's own {@code av1} is for devices only.
     */
    static final List<SoftwareCodec> ALL = List.of(
            new SoftwareCodec(Codec.H264, "h264", FrameNumbers::new),
            new SoftwareCodec(Codec.HEVC, "hevc", () -> unit -> true),
            new SoftwareCodec(Codec.AV1, "libaom-av1", OrderHints::new));
}
