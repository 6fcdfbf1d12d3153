// SPDX-License-Identifier: Apache-2.0
package io.nvremote.connect;

import io.nvremote.core.Endpoint;
import io.nvremote.core.GatewayKey;
import io.nvremote.core.HostId;
import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.TunnelAddress;
import io.nvremote.core.TunnelPublicKey;
import org.jspecify.annotations.Nullable;

/**
 * What the client needs to build its end of the tunnel. Printing it shows no ticket.
 *
 * @param status the session's status name
 * @param hostPublicKey null unless the session is ACTIVE
 * @param relayTicket the client's key for binding requests at the gateway, base64
 */
public record Connection(
        SessionId session,
        HostId host,
        String status,
        @Nullable TunnelPublicKey hostPublicKey,
        TunnelAddress clientTunnelIp,
        TunnelAddress hostTunnelIp,
        Endpoint gatewayEndpoint,
        GatewayKey gatewayPublicKey,
        Secret relayTicket) {}
