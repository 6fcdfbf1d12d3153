// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.decode.Decoder;
import io.nvremote.decode.software.SoftwareDecoder;
import io.nvremote.encode.Encoder;
import io.nvremote.tck.EncoderContract;

class SoftwareEncoderTest extends EncoderContract {

    @Override
    protected Encoder encoder() {
        return SoftwareEncoder.standalone();
    }

    @Override
    protected Decoder decoder() {
        return SoftwareDecoder.standalone();
    }
}
