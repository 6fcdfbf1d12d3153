// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.media.Codec;

/** As {@link SoftwareDecoderTest}, of AV1. */
class Av1DecoderTest extends SoftwareDecoderTest {

    @Override
    protected Codec codec() {
        return Codec.AV1;
    }
}
