// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.capture.CaptureSource;
import io.nvremote.encode.Encoder;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.transport.Transport;
import java.util.function.Supplier;

/** What every video track of this host is built from. */
record VideoParts(
        Supplier<Transport> transport,
        RankedServices<CaptureSource> captures,
        RankedServices<Encoder> encoders,
        StreamPlan plan,
        ServiceWatch services) {

    VideoParts with(StreamPlan other) {
        return new VideoParts(transport, captures, encoders, other, services);
    }
}
