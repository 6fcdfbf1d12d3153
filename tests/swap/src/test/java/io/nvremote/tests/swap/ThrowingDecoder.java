// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.swap;

import io.nvremote.decode.Decoder;
import io.nvremote.decode.DecoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.FrameSink;
import io.nvremote.media.Size;
import java.util.List;

/** A vendor's decoder that opens well and throws at the first unit. */
public final class ThrowingDecoder implements Decoder {

    @Override
    public List<DecoderCapability> capabilities() {
        return List.of(new DecoderCapability(Codec.H264, new Size(4096, 4096), false));
    }

    @Override
    public DecoderSession open(Codec codec, FrameSink sink) {
        return new Session();
    }

    static final class Session implements DecoderSession {
        @Override
        public Decoded decode(AccessUnit unit) {
            throw new IllegalStateException("a fault of the vendor's");
        }

        @Override
        public void close() {}
    }
}
