// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.x11;

import io.nvremote.capture.CaptureSource;
import io.nvremote.worker.WorkerBody;
import java.util.Map;

/** The source as the body of a worker process. */
public final class X11Body implements WorkerBody<CaptureSource> {

    static final String DISPLAY = "display";

    @Override
    public CaptureSource make(Map<String, String> settings) {
        return new X11Capture(new X11Settings(settings.getOrDefault(DISPLAY, "")));
    }
}
