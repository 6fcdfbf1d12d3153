// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Clock;
import io.nvremote.core.PathPolicy;
import io.nvremote.lib.services.Current;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.tunnel.TunnelProvider;
import io.nvremote.viewer.ViewerTrackFactory;
import java.time.Duration;

/**
 * What a connection is made of.
 *
 * @param lostAfter a host that is silent for longer has left
 */
record StreamServices(
        Current<TunnelProvider> tunnels,
        RankedServices<ViewerTrackFactory> tracks,
        Clock clock,
        PathPolicy policy,
        Duration lostAfter) {

    static StreamServices of(ClientSettings settings) {
        return new StreamServices(
                new Current<>(), new RankedServices<>(), Clock.system(), settings.policy(), settings.hostSilence());
    }
}
