// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;

/**
 * Two neighbouring tunnel addresses of one gateway's space: the client has the even one, the host the odd one. They are
 * computed from the number, never stored.
 */
public record TunnelPair(int number) {

    /** 10.100.2.0: 10.100.0.0/23 is reserved for infrastructure. */
    private static final int BASE = 10 << 24 | 100 << 16 | 2 << 8;

    public TunnelPair {
        if (number < 0 || number >= Gateway.MAX_PAIRS) {
            throw new StreamException(
                    CoreError.INVALID_VALUE, "a pair's number is 0 to " + (Gateway.MAX_PAIRS - 1) + ": " + number);
        }
    }

    /** The client's address, dotted. */
    public String clientIp() {
        return dotted(BASE + 2 * number);
    }

    /** The host's address, dotted. */
    public String hostIp() {
        return dotted(BASE + 2 * number + 1);
    }

    private static String dotted(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }
}
