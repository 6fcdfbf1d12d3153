// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import io.nvremote.capture.CaptureSource;
import io.nvremote.core.Clock;
import io.nvremote.core.DisplayName;
import io.nvremote.worker.WorkerBody;
import java.util.Map;

/** The source in its worker process. Its driver is loaded with the stream, and ends with the process. */
public final class NvfbcBody implements WorkerBody<CaptureSource> {

    @Override
    public CaptureSource make(Map<String, String> settings) {
        NvfbcSettings checked = NvfbcSettings.of(settings);
        return spec -> {
            DisplayName display = DisplayName.of(spec.display());
            return NvfbcSession.open(checked.showing(display.output()), display.screen(), spec.rate(), Clock.system());
        };
    }
}
