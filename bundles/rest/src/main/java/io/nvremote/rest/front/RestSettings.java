// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import io.nvremote.lib.settings.Settings;

/** {@link RestConfig}, checked. */
record RestSettings(int refusedBurst, int refusedPerSecond) {

    private static final Settings READER = new Settings(RestConfig.PID);

    RestSettings {
        READER.integer("refused.burst", refusedBurst, 1, 100_000);
        READER.integer("refused.per.second", refusedPerSecond, 1, 100_000);
    }

    static RestSettings of(RestConfig config) {
        return new RestSettings(config.refused_burst(), config.refused_per_second());
    }
}
