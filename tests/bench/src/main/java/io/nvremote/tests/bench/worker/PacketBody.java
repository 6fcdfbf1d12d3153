// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.worker;

import io.nvremote.core.Bitrate;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Frame;
import io.nvremote.worker.WorkerBody;
import java.nio.ByteBuffer;
import java.util.Map;

/** Makes units of a usual size and does nothing else: what is left is the way there and back. */
public final class PacketBody implements WorkerBody<Encoder> {

    /** 8 Mbit/s in 60 pictures. */
    private static final int UNIT_BYTES = 16_667;

    @Override
    public Encoder make(Map<String, String> settings) {
        ByteBuffer data = ByteBuffer.allocateDirect(UNIT_BYTES).asReadOnlyBuffer();
        return (spec, sink) -> new EncoderSession() {
            @Override
            public void encode(Frame frame, boolean forceKeyFrame) {
                sink.accept(new AccessUnit(
                        spec.codec(), data.duplicate(), forceKeyFrame, frame.sequence(), frame.stamps()));
            }

            @Override
            public Bitrate retarget(Bitrate target) {
                return target;
            }

            @Override
            public void close() {}
        };
    }
}
