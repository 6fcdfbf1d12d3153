// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderPlugin;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.worker.WorkerPlugin;
import io.nvremote.worker.Workers;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The same encoder in a process of its own, where it is configured. Preferred to the one in this process, which takes over when its
 * workers fail. Safe for any thread.
 */
@Designate(ocd = SoftwareConfig.class)
@Component(
        configurationPid = SoftwareWorkerEncoder.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = "service.ranking:Integer=10")
@EncoderPlugin(
        codec = {"h264", "av1"},
        device = "software")
public final class SoftwareWorkerEncoder implements Encoder {

    static final String PID = SoftwareConfig.PID + ".worker";

    private final WorkerPlugin<Encoder> body;

    @Activate
    public SoftwareWorkerEncoder(SoftwareConfig config, @Reference Workers workers) {
        this(SoftwareSettings.of(config), workers);
    }

    SoftwareWorkerEncoder(SoftwareSettings settings, Workers workers) {
        body = workers.start(Encoder.class, SoftwareBody.class, settings.toMap());
    }

    @Override
    public EncoderSession open(EncodeSpec spec, AccessUnitSink sink) {
        return body.service().open(spec, sink);
    }

    @Deactivate
    void close() {
        body.close();
    }
}
