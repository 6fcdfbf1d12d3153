// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rollouts;

import io.nvremote.lib.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Validated settings of the roll-outs. Immutable.
 *
 * @param soak how long a host has to stay with a new version before the next wave begins
 * @param patience how long a host may be silent or away before that is a failure
 */
record RolloutsSettings(Path folder, Duration soak, Duration patience) {

    private static final Settings READER = new Settings(RolloutsConfig.PID);

    static RolloutsSettings of(RolloutsConfig config) {
        return new RolloutsSettings(
                READER.path("folder", config.folder()),
                READER.duration("soak.time", config.soak_time(), Duration.ZERO, Duration.ofDays(7)),
                READER.duration(
                        "answer.patience", config.answer_patience(), Duration.ofSeconds(10), Duration.ofDays(1)));
    }
}
