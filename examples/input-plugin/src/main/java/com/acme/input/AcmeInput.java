// SPDX-License-Identifier: Apache-2.0
package com.acme.input;

import io.nvremote.input.InputPlugin;
import io.nvremote.input.InputSession;
import io.nvremote.input.InputSink;
import org.osgi.service.component.annotations.Component;

/** Input for the screens of the capture source of the same name, {@code acme}. */
@Component
@InputPlugin(sink = "acme")
public final class AcmeInput implements InputSink {

    private final AcmeScreen screen = new AcmeScreen();

    @Override
    public InputSession open(String display) {
        return new AcmeSession(screen);
    }

    AcmeScreen screen() {
        return screen;
    }
}
