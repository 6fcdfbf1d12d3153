// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.core.DisplayName;
import java.util.Map;

/** A picture source whose sessions run in workers, each in its own, whose environment names the display. */
final class RemoteSource implements CaptureSource {

    private static final String DISPLAY = "DISPLAY";

    private final BodyWorkers workers;

    RemoteSource(BodyWorkers workers) {
        this.workers = workers;
    }

    @Override
    public CaptureSession open(CaptureSpec spec) {
        // NvFBC knows no display but its process's. The one of this process is what a spare has that nobody asked for.
        String screen = DisplayName.of(spec.display()).screen();
        boolean own = screen.isEmpty() || screen.equals(System.getenv(DISPLAY));
        Map<String, String> environment = own ? Map.of() : Map.of(DISPLAY, screen);
        RemoteCaptureSession session = new RemoteCaptureSession(workers, spec, environment);
        session.start();
        return session;
    }
}
