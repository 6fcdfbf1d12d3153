// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import io.nvremote.lib.settings.Settings;

/** {@link LocalPortConfig}, checked. */
record LocalPortSettings(int port) {

    static LocalPortSettings of(LocalPortConfig config) {
        return new LocalPortSettings(new Settings(LocalPortConfig.PID).port("port", config.port()));
    }
}
