// SPDX-License-Identifier: Apache-2.0
package io.nvremote.connect;

import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.UserId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a user asks for.
 *
 * @param org the organisation that has the host
 * @param signIn the sign-in of the user that asks: when that ends, the session does
 * @param clientPublicKey base64 of the 32 bytes of the client's ephemeral WireGuard key
 * @param pathPolicy {@code auto} or {@code relay}: whether direct paths may be tried
 * @param idempotencyKey 1 to 255 visible ASCII characters, or null
 */
public record ConnectRequest(
        OrgId org,
        UserId user,
        UUID signIn,
        HostId host,
        String clientPublicKey,
        String pathPolicy,
        @Nullable String idempotencyKey) {}
