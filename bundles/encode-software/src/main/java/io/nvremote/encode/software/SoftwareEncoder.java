// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

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

/** H.264, and AV1 where it is asked for, on the host's CPU: the encoder that is always there, ranked below any device. Safe for any thread. */
@Designate(ocd = SoftwareConfig.class)
@Component(configurationPid = SoftwareConfig.PID, property = "service.ranking:Integer=0")
@EncoderPlugin(
        codec = {"h264", "av1"},
        device = "software")
public final class SoftwareEncoder implements Encoder {

    private final SoftwareDevice device;

    @Activate
    public SoftwareEncoder(SoftwareConfig config) {
        this(SoftwareSettings.of(config));
    }

    private SoftwareEncoder(SoftwareSettings settings) {
        device = new SoftwareDevice(settings, Clock.system());
    }

    /** An encoder with the default settings, for code that has no framework around it. */
    public static SoftwareEncoder standalone() {
        return with(SoftwareSettings.standard());
    }

    static SoftwareEncoder with(SoftwareSettings settings) {
        return new SoftwareEncoder(settings);
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
