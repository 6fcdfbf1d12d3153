// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode.software;

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
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/** H.264, HEVC and AV1 on the client's CPU. Sessions are their users' to close. Safe for any thread. */
@Designate(ocd = SoftwareConfig.class)
@Component(configurationPid = SoftwareConfig.PID, property = "service.ranking:Integer=0")
@DecoderPlugin(codec = {"h264", "hevc", "av1"})
public final class SoftwareDecoder implements Decoder {

    private static final Size LARGEST = new Size(16384, 16384);

    private final SoftwareSettings settings;

    @Activate
    public SoftwareDecoder(SoftwareConfig config) {
        this(SoftwareSettings.of(config));
    }

    SoftwareDecoder(SoftwareSettings settings) {
        this.settings = settings;
    }

    /** A decoder with one thread, for code that has no framework around it. */
    public static SoftwareDecoder standalone() {
        return new SoftwareDecoder(new SoftwareSettings(1));
    }

    /** Pictures of any size: a CPU has no limit but time. */
    @Override
    public List<DecoderCapability> capabilities() {
        return SoftwareCodec.ALL.stream()
                .map(known -> new DecoderCapability(known.codec(), LARGEST, false))
                .toList();
    }

    @Override
    public DecoderSession open(Codec codec, FrameSink sink) {
        for (SoftwareCodec known : SoftwareCodec.ALL) {
            if (known.codec().equals(codec)) {
                FfmpegDecoder decoder = FfmpegDecoder.open(known.decoder(), settings.threads());
                return new SoftwareSession(decoder, known.continuity().get(), sink);
            }
        }
        throw new StreamException(
                DecodeError.CODEC_UNAVAILABLE, "the software decoder understands h264, hevc and av1: not " + codec);
    }
}
