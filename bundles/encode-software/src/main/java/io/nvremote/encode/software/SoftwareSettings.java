// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;

/**
 * Checked configuration.
 *
 * @param threads slices, and threads, of each picture
 * @param sessionsMax streams at once
 */
record SoftwareSettings(int threads, int sessionsMax) {

    SoftwareSettings {
        check("threads", threads, 16);
        check("sessions.max", sessionsMax, 256);
    }

    static SoftwareSettings of(SoftwareConfig config) {
        return new SoftwareSettings(config.threads(), config.sessions_max());
    }

    private static void check(String key, int value, int max) {
        if (value < 1 || value > max) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    SoftwareConfig.PID + ": " + key + " must be 1 to " + max + ": " + value);
        }
    }
}
