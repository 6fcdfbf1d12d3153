// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.capture.CaptureSource;
import io.nvremote.encode.Encoder;
import io.nvremote.input.InputSink;
import io.nvremote.transport.Transport;
import io.nvremote.tunnel.TunnelProvider;

/** What every session of this host is built from. */
record SessionParts(
        TunnelProvider tunnels,
        Transport transport,
        RankedServices<CaptureSource> captures,
        RankedServices<Encoder> encoders,
        RankedServices<InputSink> inputs,
        StreamPlan plan,
        ServiceWatch services) {

    SessionParts with(StreamPlan other) {
        return new SessionParts(tunnels, transport, captures, encoders, inputs, other, services);
    }
}
