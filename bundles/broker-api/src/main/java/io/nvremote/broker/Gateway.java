// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker;

import io.nvremote.core.CoreError;
import io.nvremote.core.Endpoint;
import io.nvremote.core.GatewayId;
import io.nvremote.core.GatewayKey;
import io.nvremote.core.StreamException;

/**
 * A gateway as sessions see it; each has an address space of its own.
 *
 * @param endpoint of at most 255 characters, where clients and hosts reach its UDP port
 * @param publicKey as the offer carries it; a blind relay has no use for it
 * @param pairs address pairs, 1 to {@link #MAX_PAIRS}
 */
public record Gateway(GatewayId id, Endpoint endpoint, GatewayKey publicKey, int pairs) {

    /** What 10.100.2.0 to 10.100.255.253 holds: the last pair has the /16's broadcast address. */
    public static final int MAX_PAIRS = 32_511;

    /** A /22 without its first and last pair. */
    public static final int DEFAULT_PAIRS = 510;

    private static final int MAX_ENDPOINT = 255;

    public Gateway {
        if (pairs < 1 || pairs > MAX_PAIRS) {
            throw new StreamException(
                    CoreError.INVALID_VALUE, "a gateway has 1 to " + MAX_PAIRS + " address pairs: " + pairs);
        }
        if (endpoint.toString().length() > MAX_ENDPOINT) {
            throw new StreamException(CoreError.INVALID_VALUE, "a gateway's endpoint is host:port: " + endpoint);
        }
    }
}
