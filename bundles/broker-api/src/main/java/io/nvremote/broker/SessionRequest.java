// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker;

import io.nvremote.core.GatewayId;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.core.UserId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a user asks for.
 *
 * @param signIn the sign-in that asks, or null for none: when that ends, the session is to end
 * @param clientPublicKey the client's ephemeral WireGuard key
 * @param idempotencyKey 1 to 255 visible ASCII characters, or null
 */
public record SessionRequest(
        OrgId org,
        UserId user,
        @Nullable UUID signIn,
        HostId host,
        GatewayId gateway,
        TunnelPublicKey clientPublicKey,
        @Nullable String idempotencyKey) {}
