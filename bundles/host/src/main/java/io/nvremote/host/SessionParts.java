// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.lib.services.RankedServices;
import io.nvremote.track.TrackFactory;
import io.nvremote.transport.Transport;
import io.nvremote.tunnel.TunnelProvider;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What every session of this host is composed of: of tunnels and transports whichever are there when it begins.
 *
 * @param silence a client that is not there for so long has left
 */
record SessionParts(
        Supplier<TunnelProvider> tunnels,
        Supplier<Transport> transport,
        RankedServices<TrackFactory> tracks,
        Duration silence,
        ServiceWatch services) {}
