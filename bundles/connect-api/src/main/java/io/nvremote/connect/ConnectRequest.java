// SPDX-License-Identifier: Apache-2.0
package io.nvremote.connect;

import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.PathPolicy;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.core.UserId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a user asks for.
 *
 * @param org the organisation that has the host
 * @param signIn the sign-in of the user that asks: when that ends, the session does
 * @param clientPublicKey the client's ephemeral WireGuard key
 * @param pathPolicy whether direct paths may be tried
 * @param idempotencyKey 1 to 255 visible ASCII characters, or null
 */
public record ConnectRequest(
        OrgId org,
        UserId user,
        UUID signIn,
        HostId host,
        TunnelPublicKey clientPublicKey,
        PathPolicy pathPolicy,
        @Nullable String idempotencyKey) {}
