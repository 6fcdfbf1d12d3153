// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker;

import io.nvremote.core.Endpoint;
import io.nvremote.core.GatewayId;
import io.nvremote.core.GatewayKey;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.SessionId;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.core.UserId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A session as the database has it.
 *
 * @param signIn the sign-in it was made with, or null
 * @param hostPublicKey null until the host answered
 * @param pair held while the session is live; history afterwards
 * @param deadline when a PENDING session expires
 * @param startedAt when it became ACTIVE
 * @param endReason null while it is live
 */
public record StreamSession(
        SessionId id,
        OrgId org,
        UserId user,
        @Nullable UUID signIn,
        HostId host,
        SessionStatus status,
        TunnelPublicKey clientPublicKey,
        @Nullable TunnelPublicKey hostPublicKey,
        TunnelPair pair,
        GatewayId gateway,
        Endpoint gatewayEndpoint,
        GatewayKey gatewayPublicKey,
        Instant createdAt,
        Instant deadline,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String endReason) {}
