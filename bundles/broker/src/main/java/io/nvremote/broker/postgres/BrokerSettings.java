// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker.postgres;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.time.Duration;
import java.time.format.DateTimeParseException;

/** Validated settings. */
record BrokerSettings(Duration pendingTimeout, Duration longest, Duration hostLost, Duration quarantine) {

    /** The defaults of {@link BrokerConfig}. */
    static final BrokerSettings STANDARD = new BrokerSettings(
            Duration.ofSeconds(15), Duration.ofHours(8), Duration.ofMinutes(5), Duration.ofSeconds(180));

    static BrokerSettings of(BrokerConfig config) {
        return new BrokerSettings(
                duration("pending.timeout", config.pending_timeout(), Duration.ofSeconds(1), Duration.ofMinutes(5)),
                duration("longest", config.longest(), Duration.ofMinutes(1), Duration.ofHours(24)),
                duration("host.lost", config.host_lost(), Duration.ofSeconds(30), Duration.ofHours(1)),
                // WireGuard refuses keys after 180 s: until then a late packet could enter the pair's next session.
                duration("quarantine", config.quarantine(), Duration.ofMinutes(3), Duration.ofHours(1)));
    }

    private static Duration duration(String key, String value, Duration least, Duration most) {
        String rule = BrokerConfig.PID + " " + key + "=" + value + ": must be " + least + " to " + most;
        try {
            Duration duration = Duration.parse(value);
            if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                throw new StreamException(CoreError.INVALID_CONFIGURATION, rule);
            }
            return duration;
        } catch (DateTimeParseException e) {
            throw new StreamException(CoreError.INVALID_CONFIGURATION, rule, e);
        }
    }
}
