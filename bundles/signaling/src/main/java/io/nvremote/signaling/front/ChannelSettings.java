// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import io.nvremote.lib.settings.Settings;

/** {@link ChannelConfig}, checked. */
record ChannelSettings(
        int maxSockets,
        int openBurst,
        double openPerSecond,
        int strangers,
        int strangersPerAddress,
        int messageBurst,
        int messagesPerSecond) {

    private static final Settings READER = new Settings(ChannelConfig.PID);

    ChannelSettings {
        READER.integer("sockets.max", maxSockets, 1, 1_000_000);
        READER.integer("open.burst", openBurst, 1, 100_000);
        READER.require(openPerSecond >= 1 && openPerSecond <= 100_000, "open.per.second", openPerSecond, "1 to 100000");
        READER.integer("strangers.max", strangers, 1, 1_000_000);
        READER.integer("strangers.per.address", strangersPerAddress, 1, 100_000);
        READER.integer("message.burst", messageBurst, 1, 1_000_000);
        READER.integer("messages.per.second", messagesPerSecond, 1, 1_000_000);
    }

    static ChannelSettings of(ChannelConfig config) {
        return new ChannelSettings(
                config.sockets_max(),
                config.open_burst(),
                config.open_per_second(),
                config.strangers_max(),
                config.strangers_per_address(),
                config.message_burst(),
                config.messages_per_second());
    }
}
