// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Clock;
import io.nvremote.core.PathPolicy;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.tunnel.TunnelProvider;
import io.nvremote.viewer.ViewerTrackFactory;

/** What a connection is made of. */
record StreamServices(
        TunnelProvider tunnels, RankedServices<ViewerTrackFactory> tracks, Clock clock, PathPolicy policy) {}
