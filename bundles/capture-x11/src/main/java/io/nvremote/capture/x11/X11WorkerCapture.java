// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.x11;

import io.nvremote.capture.CapturePlugin;
import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.worker.WorkerPlugin;
import io.nvremote.worker.Workers;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The same source in a process of its own, where it is configured. Preferred to the one in this process, which takes over when its
 * workers fail. Safe for any thread.
 */
@Designate(ocd = X11Config.class)
@Component(
        configurationPid = X11WorkerCapture.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = "service.ranking:Integer=10")
@CapturePlugin(source = "x11")
public final class X11WorkerCapture implements CaptureSource {

    static final String PID = X11Config.PID + ".worker";

    private final WorkerPlugin<CaptureSource> body;

    @Activate
    public X11WorkerCapture(X11Config config, @Reference Workers workers) {
        String display = X11Settings.of(config).display();
        body = workers.start(CaptureSource.class, X11Body.class, Map.of(X11Body.DISPLAY, display));
    }

    @Override
    public CaptureSession open(CaptureSpec spec) {
        return body.service().open(spec);
    }

    @Deactivate
    void close() {
        body.close();
    }
}
