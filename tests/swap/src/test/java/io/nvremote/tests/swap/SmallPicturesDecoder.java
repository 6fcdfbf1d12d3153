// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.swap;

import io.nvremote.decode.Decoder;
import io.nvremote.decode.DecoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.FrameSink;
import io.nvremote.media.HostSurface;
import io.nvremote.media.Lease;
import io.nvremote.media.LentFrame;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/** A vendor's decoder whose pictures have another size than the stream's. */
public final class SmallPicturesDecoder implements Decoder {

    @Override
    public List<DecoderCapability> capabilities() {
        return List.of(new DecoderCapability(Codec.H264, new Size(4096, 4096), false));
    }

    @Override
    public DecoderSession open(Codec codec, FrameSink sink) {
        return new Session(sink);
    }

    static final class Session implements DecoderSession, Lease {

        private static final Size SMALL = new Size(320, 180);

        private final MemorySegment memory =
                MemorySegment.ofBuffer(ByteBuffer.allocateDirect(SMALL.width() * SMALL.height() * 4));
        private final FrameSink sink;

        Session(FrameSink sink) {
            this.sink = sink;
        }

        @Override
        public Decoded decode(AccessUnit unit) {
            sink.accept(new LentFrame(this, unit.sequence(), unit.stamps(), null));
            return Decoded.PICTURE;
        }

        @Override
        public HostSurface surface() {
            return new HostSurface(PixelFormat.BGRA, SMALL, List.of(new HostSurface.Plane(memory, SMALL.width() * 4)));
        }

        @Override
        public Lease hold() {
            return this;
        }

        @Override
        public void release() {}

        @Override
        public void close() {}
    }
}
