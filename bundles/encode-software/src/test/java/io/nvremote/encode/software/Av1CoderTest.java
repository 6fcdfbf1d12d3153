// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.media.Codec;

/** AV1, by the libaom inside FFmpeg. */
class Av1CoderTest extends FfmpegCoderTest {

    @Override
    protected Codec codec() {
        return Codec.AV1;
    }
}
