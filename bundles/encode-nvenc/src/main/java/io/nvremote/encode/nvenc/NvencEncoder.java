// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.core.Clock;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderPlugin;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnitSink;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** The encoder of an NVIDIA GPU, ranked above the CPU. The driver is loaded with the first stream. Safe for any thread. */
@Designate(ocd = NvencConfig.class)
@Component(configurationPid = NvencConfig.PID, property = "service.ranking:Integer=100")
@EncoderPlugin(
        codec = {"h264", "hevc", "av1"},
        device = "nvidia")
public final class NvencEncoder implements Encoder {

    private final NvencDevice device;

    @Activate
    public NvencEncoder(NvencConfig config) {
        device = new NvencDevice(NvencSettings.of(config), Clock.system());
    }

    @Override
    public EncoderSession open(EncodeSpec spec, AccessUnitSink sink) {
        return device.open(spec, sink);
    }

    @Deactivate
    void close() {
        device.close();
    }
}
