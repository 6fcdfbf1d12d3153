// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.core.Bitrate;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Frame;
import io.nvremote.worker.WorkerBody;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Map;

/** Codes a picture as its sequence and its first pixel; commits its misdeed while it encodes the picture of sequence 5, or each one. */
public final class UnrulyEncoder implements WorkerBody<Encoder> {

    static final long WHEN = 5;

    @Override
    public Encoder make(Map<String, String> settings) {
        return (spec, sink) -> new Session(spec, sink, settings);
    }

    private static final class Session implements EncoderSession {

        private final EncodeSpec spec;
        private final AccessUnitSink sink;
        private final Map<String, String> settings;
        private boolean first = true;
        private Bitrate rate;

        Session(EncodeSpec spec, AccessUnitSink sink, Map<String, String> settings) {
            this.spec = spec;
            this.sink = sink;
            this.settings = settings;
            rate = spec.bitrate();
        }

        @Override
        public void encode(Frame frame, boolean forceKeyFrame) {
            if (settings.containsKey("each") || frame.sequence() == WHEN) {
                Misdeed.of(settings, frame.sequence());
            }
            ByteBuffer unit = ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
                    .putLong(frame.sequence())
                    .putInt(frame.host().planes().getFirst().memory().get(ValueLayout.JAVA_INT, 0))
                    .putLong(rate.bitsPerSecond())
                    .flip();
            boolean keyFrame = first || forceKeyFrame;
            first = false;
            sink.accept(
                    new AccessUnit(spec.codec(), unit.asReadOnlyBuffer(), keyFrame, frame.sequence(), frame.stamps()));
        }

        @Override
        public synchronized Bitrate retarget(Bitrate target) {
            rate = target;
            return rate;
        }

        @Override
        public void close() {}
    }
}
