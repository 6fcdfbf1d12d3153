// SPDX-License-Identifier: Apache-2.0
package io.nvremote.forwarded;

import io.nvremote.lib.settings.Settings;
import java.util.Arrays;
import java.util.List;

/** {@link ForwardedConfig}, checked. */
record ForwardedSettings(List<Network> trusted) {

    private static final Settings READER = new Settings(ForwardedConfig.PID);

    static ForwardedSettings of(ForwardedConfig config) {
        return new ForwardedSettings(Arrays.stream(config.proxies())
                .map(each -> READER.read("proxies", each, "an address or a network like 10.0.0.0/8", Network::parse))
                .toList());
    }
}
