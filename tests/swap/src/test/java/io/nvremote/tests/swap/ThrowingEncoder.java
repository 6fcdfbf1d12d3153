// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.swap;

import io.nvremote.core.Bitrate;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Frame;

/** A vendor's encoder that opens well and throws at the first picture. */
public final class ThrowingEncoder implements Encoder {

    @Override
    public EncoderSession open(EncodeSpec spec, AccessUnitSink sink) {
        return new Session();
    }

    static final class Session implements EncoderSession {
        @Override
        public void encode(Frame frame, boolean forceKeyFrame) {
            throw new IllegalStateException("a fault of the vendor's");
        }

        @Override
        public Bitrate retarget(Bitrate target) {
            return target;
        }

        @Override
        public void close() {}
    }
}
