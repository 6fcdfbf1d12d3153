// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;

/** {@link ChannelConfig}, checked. */
record ChannelSettings(int maxSockets, int openBurst, double openPerSecond) {

    ChannelSettings {
        require("sockets.max", maxSockets, 1_000_000);
        require("open.burst", openBurst, 100_000);
        require("open.per.second", (int) openPerSecond, 100_000);
    }

    static ChannelSettings of(ChannelConfig config) {
        return new ChannelSettings(config.sockets_max(), config.open_burst(), config.open_per_second());
    }

    private static void require(String key, int value, int most) {
        if (value < 1 || value > most) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    ChannelConfig.PID + ": " + key + " is 1 to " + most + ": " + value);
        }
    }
}
