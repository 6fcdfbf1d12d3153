// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.core.Clock;
import io.nvremote.encode.Encoder;
import io.nvremote.worker.WorkerBody;
import java.util.Map;

/** The encoder in its worker process. Its driver is loaded with the first stream, and ends with the process. */
public final class NvencBody implements WorkerBody<Encoder> {

    @Override
    public Encoder make(Map<String, String> settings) {
        return new NvencDevice(NvencSettings.of(settings), Clock.system());
    }
}
