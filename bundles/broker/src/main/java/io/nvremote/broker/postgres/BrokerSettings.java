// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker.postgres;

import io.nvremote.lib.settings.Settings;
import java.time.Duration;

/** Validated settings. */
record BrokerSettings(Duration pendingTimeout, Duration longest, Duration hostLost, Duration quarantine) {

    /** The defaults of {@link BrokerConfig}. */
    static final BrokerSettings STANDARD = new BrokerSettings(
            Duration.ofSeconds(15), Duration.ofHours(8), Duration.ofMinutes(5), Duration.ofSeconds(180));

    private static final Settings READER = new Settings(BrokerConfig.PID);

    static BrokerSettings of(BrokerConfig config) {
        return new BrokerSettings(
                READER.duration(
                        "pending.timeout", config.pending_timeout(), Duration.ofSeconds(1), Duration.ofMinutes(5)),
                READER.duration("longest", config.longest(), Duration.ofMinutes(1), Duration.ofHours(24)),
                READER.duration("host.lost", config.host_lost(), Duration.ofSeconds(30), Duration.ofHours(1)),
                // WireGuard refuses keys after 180 s: until then a late packet could enter the pair's next session.
                READER.duration("quarantine", config.quarantine(), Duration.ofMinutes(3), Duration.ofHours(1)));
    }
}
