// SPDX-License-Identifier: Apache-2.0
package com.acme.capture;

import io.nvremote.capture.CapturePlugin;
import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Pictures of a slope of grey that moves, in the place of a screen. It is no real one, so a host shows it only where it is asked for by
 * its name; a source of a real screen leaves {@code byNameOnly} out.
 */
@Component(configurationPid = "com.acme.capture")
@CapturePlugin(source = "acme", byNameOnly = true)
public final class AcmeCapture implements CaptureSource {

    private static final int MOST_STEP = 64;

    private final int step;

    /** What breaks its rule ends here: the plugin is not installed, and its log says why. */
    @Activate
    public AcmeCapture(AcmeConfig config) {
        this(config.step());
    }

    AcmeCapture(int step) {
        if (step < 1 || step > MOST_STEP) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION, "com.acme.capture/step must be 1 to " + MOST_STEP + ": " + step);
        }
        this.step = step;
    }

    @Override
    public CaptureSession open(CaptureSpec spec) {
        return new AcmeSession(spec, step);
    }
}
