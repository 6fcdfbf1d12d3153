// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode;

import io.nvremote.media.Codec;
import io.nvremote.media.FrameSink;
import org.osgi.annotation.versioning.ConsumerType;

/** A video decoder. Grows only by default methods. Safe for any thread. */
@ConsumerType
public interface Decoder {

    /**
     * Opens a stream.
     *
     * @param sink takes the pictures, on the thread that calls {@link DecoderSession#decode}
     * @throws io.nvremote.core.StreamException {@link DecodeError#CODEC_UNAVAILABLE}
     */
    DecoderSession open(Codec codec, FrameSink sink);
}
