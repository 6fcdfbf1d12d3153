// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.zoo;

import io.nvremote.decode.Decoder;
import io.nvremote.decode.DecoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.Frame;
import io.nvremote.media.FrameSink;

/** A stream of the right decoder. What overrides one method of it is wrong in that. */
class DecoderCopy implements DecoderSession {

    final FrameSink sink;
    final DecoderSession right;

    DecoderCopy(Decoder decoder, Codec codec, FrameSink sink) {
        this.sink = sink;
        right = decoder.open(codec, this::accept);
    }

    void accept(Frame frame) {
        sink.accept(frame);
    }

    @Override
    public Decoded decode(AccessUnit unit) {
        return right.decode(unit);
    }

    @Override
    public void close() {
        right.close();
    }
}
