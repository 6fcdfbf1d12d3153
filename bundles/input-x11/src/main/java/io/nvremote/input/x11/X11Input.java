// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input.x11;

import io.nvremote.core.Clock;
import io.nvremote.core.DisplayName;
import io.nvremote.input.InputPlugin;
import io.nvremote.input.InputSession;
import io.nvremote.input.InputSink;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/** Injects input into X11 screens, each session over a connection of its own. Safe for any thread. */
@Designate(ocd = X11Config.class)
@Component(configurationPid = X11Config.PID, property = "service.ranking:Integer=0")
@InputPlugin(sink = "x11")
public final class X11Input implements InputSink {

    private final X11Settings settings;

    @Activate
    public X11Input(X11Config config) {
        this(X11Settings.of(config));
    }

    X11Input(X11Settings settings) {
        this.settings = settings;
    }

    /** Types into the environment's DISPLAY, for code that has no framework around it. */
    public static X11Input standalone() {
        return new X11Input(new X11Settings(""));
    }

    private DisplayName name(String display) {
        return DisplayName.of(display.isEmpty() ? settings.display() : display);
    }

    @Override
    public InputSession open(String display) {
        return new X11InputSession(XTest.open(name(display)), Clock.system());
    }
}
