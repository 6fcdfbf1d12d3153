// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.x11;

import io.nvremote.capture.CapturePlugin;
import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.core.Clock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/** Captures X11 screens, each session over a connection of its own. Safe for any thread. */
@Designate(ocd = X11Config.class)
@Component(configurationPid = X11Config.PID, property = "service.ranking:Integer=0")
@CapturePlugin(source = "x11")
public final class X11Capture implements CaptureSource {

    private final X11Settings settings;

    @Activate
    public X11Capture(X11Config config) {
        this(X11Settings.of(config));
    }

    X11Capture(X11Settings settings) {
        this.settings = settings;
    }

    /** Captures the environment's DISPLAY, for code that has no framework around it. */
    public static X11Capture standalone() {
        return new X11Capture(new X11Settings(""));
    }

    @Override
    public CaptureSession open(CaptureSpec spec) {
        String display = spec.display().isEmpty() ? settings.display() : spec.display();
        return new X11Session(X11Screen.open(display), spec.rate(), Clock.system());
    }
}
