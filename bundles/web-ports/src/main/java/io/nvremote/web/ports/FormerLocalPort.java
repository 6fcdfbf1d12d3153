// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import io.nvremote.lib.settings.Settings;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Refuses a plain port that is configured by the name of before, as {@link FormerTlsPort} does. */
@Component(
        service = {},
        immediate = true,
        configurationPid = FormerLocalPort.FORMER,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class FormerLocalPort {

    static final String FORMER = "io.nvremote.signaling.local";

    @Activate
    public FormerLocalPort() {
        throw new Settings(FORMER).renamed(FORMER, LocalPortConfig.PID);
    }
}
