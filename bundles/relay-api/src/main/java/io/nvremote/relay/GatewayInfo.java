// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay;

import io.nvremote.core.Endpoint;
import io.nvremote.core.GatewayId;
import io.nvremote.core.GatewayKey;

/**
 * How a gateway presents itself. Immutable.
 *
 * @param id the gateway, as its certificate names it
 * @param endpoint where peers send their datagrams
 * @param publicKey for the field {@code gateway_public_key} of a session: SHA-256 of the gateway's certificate. A blind
 *     relay has no WireGuard key and no peer uses this value
 */
public record GatewayInfo(GatewayId id, Endpoint endpoint, GatewayKey publicKey) {}
