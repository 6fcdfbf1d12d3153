// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay;

import io.nvremote.core.GatewayId;

/**
 * How a gateway presents itself. Immutable.
 *
 * @param id the gateway, as its certificate names it
 * @param endpoint where peers send their datagrams: {@code host:port}, IPv6 in brackets
 * @param publicKey 44 characters for the field {@code gateway_public_key} of a session: SHA-256 of the gateway's
 *     certificate in base64. A blind relay has no WireGuard key and no peer uses this value
 */
public record GatewayInfo(GatewayId id, String endpoint, String publicKey) {}
