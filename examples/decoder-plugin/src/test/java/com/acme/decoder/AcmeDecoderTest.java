// SPDX-License-Identifier: Apache-2.0
package com.acme.decoder;

import io.nvremote.decode.Decoder;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.software.SoftwareEncoder;
import io.nvremote.tck.DecoderContract;

/** Everything the platform asks of a decoder. */
class AcmeDecoderTest extends DecoderContract {

    @Override
    protected Decoder decoder() {
        return new AcmeDecoder();
    }

    @Override
    protected Encoder encoder() {
        return SoftwareEncoder.standalone();
    }
}
