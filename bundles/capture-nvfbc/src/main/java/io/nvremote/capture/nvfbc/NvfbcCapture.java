// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import io.nvremote.capture.CaptureError;
import io.nvremote.capture.CapturePlugin;
import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.core.StreamException;
import io.nvremote.worker.WorkerPlugin;
import io.nvremote.worker.Workers;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The screen of an NVIDIA GPU, ranked above X11's own ways, always in worker processes: NvFBC knows no display but its process's, and a call
 * that crashes or never returns takes that process with it. Where there is no driver there is no worker. Safe for any thread.
 */
@Designate(ocd = NvfbcConfig.class)
@Component(configurationPid = NvfbcConfig.PID, property = "service.ranking:Integer=100")
@CapturePlugin(source = "nvfbc")
public final class NvfbcCapture implements CaptureSource {

    private final NvfbcSettings settings;
    private final Workers workers;
    private @Nullable WorkerPlugin<CaptureSource> body;
    private boolean closed;

    @Activate
    public NvfbcCapture(NvfbcConfig config, @Reference Workers workers) {
        this(NvfbcSettings.of(config), workers);
    }

    NvfbcCapture(NvfbcSettings settings, Workers workers) {
        this.settings = settings;
        this.workers = workers;
        if (settings.driverIsThere()) {
            body(); // a spare is warm before the first stream
        }
    }

    @Override
    public CaptureSession open(CaptureSpec spec) {
        return body().service().open(spec);
    }

    private synchronized WorkerPlugin<CaptureSource> body() {
        if (closed) {
            throw new StreamException(CaptureError.SOURCE_LOST, "the source goes away");
        }
        WorkerPlugin<CaptureSource> started = body;
        if (started == null) {
            if (!settings.driverIsThere()) {
                throw new StreamException(
                        CaptureError.SOURCE_UNAVAILABLE, "no NVIDIA driver: there is no " + settings.driverMark());
            }
            started = workers.start(CaptureSource.class, NvfbcBody.class, settings.toMap());
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
