// SPDX-License-Identifier: Apache-2.0
package com.acme.decoder;

import io.nvremote.core.StreamException;
import io.nvremote.decode.DecodeError;
import io.nvremote.decode.Decoder;
import io.nvremote.decode.DecoderPlugin;
import io.nvremote.decode.DecoderSession;
import io.nvremote.media.Codec;
import io.nvremote.media.DecoderCapability;
import io.nvremote.media.FrameSink;
import io.nvremote.media.Size;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** H.264 by FFmpeg. Ranked above the platform's own software decoder. */
@Component(property = "service.ranking:Integer=10")
@DecoderPlugin(codec = "h264")
public final class AcmeDecoder implements Decoder {

    @Override
    public List<DecoderCapability> capabilities() {
        return List.of(new DecoderCapability(Codec.H264, new Size(4096, 4096), false));
    }

    @Override
    public DecoderSession open(Codec codec, FrameSink sink) {
        if (!codec.equals(Codec.H264)) {
            throw new StreamException(DecodeError.CODEC_UNAVAILABLE, "this decoder understands h264 only: " + codec);
        }
        return new AcmeSession(sink);
    }
}
