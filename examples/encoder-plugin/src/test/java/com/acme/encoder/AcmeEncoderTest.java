// SPDX-License-Identifier: Apache-2.0
package com.acme.encoder;

import io.nvremote.decode.Decoder;
import io.nvremote.decode.software.SoftwareDecoder;
import io.nvremote.encode.Encoder;
import io.nvremote.tck.EncoderContract;

/** Everything the platform asks of an encoder. */
class AcmeEncoderTest extends EncoderContract {

    @Override
    protected Encoder encoder() {
        return new AcmeEncoder();
    }

    @Override
    protected Decoder decoder() {
        return SoftwareDecoder.standalone();
    }
}
