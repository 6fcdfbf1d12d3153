// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode.software;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;

/** Checked configuration. */
record SoftwareSettings(int threads) {

    SoftwareSettings {
        if (threads < 1 || threads > 16) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION, SoftwareConfig.PID + ": threads must be 1 to 16: " + threads);
        }
    }

    static SoftwareSettings of(SoftwareConfig config) {
        return new SoftwareSettings(config.threads());
    }
}
