// SPDX-License-Identifier: Apache-2.0
package com.acme.capture;

import io.nvremote.capture.CapturePlugin;
import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import org.osgi.service.component.annotations.Component;

/**
 * Pictures of a slope of grey that moves, in the place of a screen. It is no real one, so a host shows it only where it is asked for by
 * its name; a source of a real screen leaves {@code byNameOnly} out.
 */
@Component
@CapturePlugin(source = "acme", byNameOnly = true)
public final class AcmeCapture implements CaptureSource {

    @Override
    public CaptureSession open(CaptureSpec spec) {
        return new AcmeSession(spec);
    }
}
