// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode;

import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.FrameSink;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** A video decoder. Grows only by default methods. Safe for any thread. */
@ConsumerType
public interface Decoder {

    /** What it decodes on this machine, best first: by codec, the largest pictures, and whether a device does the work. */
    List<DecoderCapability> capabilities();

    /**
     * Opens a stream.
     *
     * @param sink takes the pictures, on the thread that calls {@link DecoderSession#decode}
     * @throws io.nvremote.core.StreamException {@link DecodeError#CODEC_UNAVAILABLE}
     */
    DecoderSession open(Codec codec, FrameSink sink);
}
