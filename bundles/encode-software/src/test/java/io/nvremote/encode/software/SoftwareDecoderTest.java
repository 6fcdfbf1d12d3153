// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.decode.Decoder;
import io.nvremote.decode.software.SoftwareDecoder;
import io.nvremote.encode.Encoder;
import io.nvremote.tck.DecoderContract;

/** The contract of our decoder, here because it needs an encoder. */
class SoftwareDecoderTest extends DecoderContract {

    @Override
    protected Decoder decoder() {
        return SoftwareDecoder.standalone();
    }

    @Override
    protected Encoder encoder() {
        return SoftwareEncoder.standalone();
    }
}
