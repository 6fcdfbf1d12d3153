// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.encode.Encoder;
import io.nvremote.worker.WorkerBody;
import java.util.Map;

/** The encoder as the body of a worker process. */
public final class SoftwareBody implements WorkerBody<Encoder> {

    @Override
    public Encoder make(Map<String, String> settings) {
        return SoftwareEncoder.with(SoftwareSettings.of(settings));
    }
}
