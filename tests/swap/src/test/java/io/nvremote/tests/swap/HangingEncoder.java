// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.swap;

import io.nvremote.core.Bitrate;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Frame;
import java.util.concurrent.locks.LockSupport;

/** A vendor's encoder that opens well and never returns from a picture. */
public final class HangingEncoder implements Encoder {

    @Override
    public EncoderSession open(EncodeSpec spec, AccessUnitSink sink) {
        return new Session();
    }

    static final class Session implements EncoderSession {
        @Override
        public void encode(Frame frame, boolean forceKeyFrame) {
            while (true) {
                LockSupport.park(this);
            }
        }

        @Override
        public Bitrate retarget(Bitrate target) {
            return target;
        }

        @Override
        public void close() {}
    }
}
