// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderPlugin;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.worker.WorkerPlugin;
import io.nvremote.worker.Workers;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The encoder of an NVIDIA GPU, ranked above the CPU, always in worker processes: a driver's call that crashes or never returns takes its
 * own process with it. Where there is no driver there is no worker. Safe for any thread.
 */
@Designate(ocd = NvencConfig.class)
@Component(configurationPid = NvencConfig.PID, property = "service.ranking:Integer=100")
@EncoderPlugin(
        codec = {"h264", "hevc", "av1"},
        device = "nvidia")
public final class NvencEncoder implements Encoder {

    private final NvencSettings settings;
    private final Workers workers;
    private @Nullable WorkerPlugin<Encoder> body;
    private boolean closed;

    @Activate
    public NvencEncoder(NvencConfig config, @Reference Workers workers) {
        this(NvencSettings.of(config), workers);
    }

    NvencEncoder(NvencSettings settings, Workers workers) {
        this.settings = settings;
        this.workers = workers;
        if (settings.driverIsThere()) {
            body(); // a spare is warm before the first stream
        }
    }

    @Override
    public EncoderSession open(EncodeSpec spec, AccessUnitSink sink) {
        return body().service().open(spec, sink);
    }

    @Override
    public EncoderSession takeOver(EncodeSpec spec, AccessUnitSink sink) {
        return body().service().takeOver(spec, sink);
    }

    private synchronized WorkerPlugin<Encoder> body() {
        if (closed) {
            throw new StreamException(EncodeError.DEVICE_LOST, "the encoder goes away");
        }
        WorkerPlugin<Encoder> started = body;
        if (started == null) {
            if (!settings.driverIsThere()) {
                throw new StreamException(
                        EncodeError.DEVICE_UNAVAILABLE, "no NVIDIA driver: there is no " + settings.driverMark());
            }
            started = workers.start(Encoder.class, NvencBody.class, settings.toMap());
            body = started;
        }
        return started;
    }

    @Deactivate
    synchronized void close() {
        closed = true;
        if (body != null) {
            body.close();
        }
    }
}
