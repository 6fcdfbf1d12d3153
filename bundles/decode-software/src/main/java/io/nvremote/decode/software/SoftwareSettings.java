// SPDX-License-Identifier: Apache-2.0
package io.nvremote.decode.software;

import io.nvremote.lib.settings.Settings;

/** Checked configuration. */
record SoftwareSettings(int threads) {

    SoftwareSettings {
        new Settings(SoftwareConfig.PID).integer("threads", threads, 1, 16);
    }

    static SoftwareSettings of(SoftwareConfig config) {
        return new SoftwareSettings(config.threads());
    }
}
