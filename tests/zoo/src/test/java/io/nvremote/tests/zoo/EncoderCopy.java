// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.zoo;

import io.nvremote.core.Bitrate;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Codec;
import io.nvremote.media.Frame;
import io.nvremote.media.StageStamps;
import java.nio.ByteBuffer;

/** A stream of the right encoder. What overrides one method of it is wrong in that. */
class EncoderCopy implements EncoderSession {

    final EncodeSpec spec;
    final AccessUnitSink sink;
    final EncoderSession right;

    EncoderCopy(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
        this.spec = spec;
        this.sink = sink;
        right = encoder.open(asked(spec), this::accept);
    }

    /** What the right encoder is asked for. */
    EncodeSpec asked(EncodeSpec wanted) {
        return wanted;
    }

    void accept(AccessUnit unit) {
        sink.accept(unit);
    }

    static AccessUnit copy(AccessUnit unit) {
        ByteBuffer data = ByteBuffer.allocate(unit.data().remaining());
        data.put(unit.data().duplicate()).flip();
        return with(unit, data.asReadOnlyBuffer(), unit.keyFrame(), unit.sequence(), unit.stamps());
    }

    static AccessUnit with(AccessUnit unit, ByteBuffer data, boolean keyFrame, long sequence, StageStamps stamps) {
        Codec codec = unit.codec();
        return new AccessUnit(codec, data, keyFrame, sequence, stamps);
    }

    @Override
    public void encode(Frame frame, boolean forceKeyFrame) {
        right.encode(frame, forceKeyFrame);
    }

    @Override
    public boolean refine(Frame frame) {
        return right.refine(frame);
    }

    @Override
    public Bitrate retarget(Bitrate target) {
        return right.retarget(target);
    }

    @Override
    public void lost(long firstSequence, long lastSequence) {
        right.lost(firstSequence, lastSequence);
    }

    @Override
    public void close() {
        right.close();
    }
}
