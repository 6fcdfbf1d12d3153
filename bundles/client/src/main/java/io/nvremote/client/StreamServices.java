// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Clock;
import io.nvremote.tunnel.PathPolicy;
import io.nvremote.tunnel.TunnelProvider;

/** What a connection is made of. */
record StreamServices(TunnelProvider tunnels, TrackServices tracks, Clock clock, PathPolicy policy) {}
