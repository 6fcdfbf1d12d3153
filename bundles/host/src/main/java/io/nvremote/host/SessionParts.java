// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.lib.services.RankedServices;
import io.nvremote.track.TrackFactory;
import io.nvremote.transport.Transport;
import io.nvremote.tunnel.TunnelProvider;
import java.time.Duration;

/**
 * What every session of this host is composed of.
 *
 * @param silence a client that is not there for so long has left
 */
record SessionParts(
        TunnelProvider tunnels,
        Transport transport,
        RankedServices<TrackFactory> tracks,
        Duration silence,
        ServiceWatch services) {}
