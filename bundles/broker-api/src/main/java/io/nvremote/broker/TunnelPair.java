// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelAddress;

/**
 * Two neighbouring tunnel addresses of one gateway's space: the client has the even one, the host the odd one. They are
 * computed from the number, never stored.
 */
public record TunnelPair(int number) {

    /** 10.100.2.0: 10.100.0.0/23 is reserved for infrastructure. */
    private static final int BASE = TunnelAddress.parse("10.100.2.0").bits();

    public TunnelPair {
        if (number < 0 || number >= Gateway.MAX_PAIRS) {
            throw new StreamException(
                    CoreError.INVALID_VALUE, "a pair's number is 0 to " + (Gateway.MAX_PAIRS - 1) + ": " + number);
        }
    }

    public TunnelAddress clientIp() {
        return new TunnelAddress(BASE + 2 * number);
    }

    public TunnelAddress hostIp() {
        return new TunnelAddress(BASE + 2 * number + 1);
    }
}
