// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.swap;

import com.acme.encoder.AcmeEncoder;
import io.nvremote.core.Bitrate;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Frame;

/** A vendor's encoder that takes a stream over, works for a while, and fails in the middle. */
public final class FailingLaterEncoder implements Encoder {

    private static final int GOOD_PICTURES = 40;

    @Override
    public EncoderSession open(EncodeSpec spec, AccessUnitSink sink) {
        return new Session(new AcmeEncoder().open(spec, sink));
    }

    static final class Session implements EncoderSession {

        private final EncoderSession good;
        private int pictures;

        Session(EncoderSession good) {
            this.good = good;
        }

        @Override
        public void encode(Frame frame, boolean forceKeyFrame) {
            if (++pictures > GOOD_PICTURES) {
                throw new IllegalStateException("the device is gone");
            }
            good.encode(frame, forceKeyFrame);
        }

        @Override
        public Bitrate retarget(Bitrate target) {
            return good.retarget(target);
        }

        @Override
        public void close() {
            good.close();
        }
    }
}
