// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker.postgres;

import io.nvremote.lib.settings.Settings;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Refuses the broker's configuration by its name of before: it would be ignored, and defaults would hold. */
@Component(
        service = {},
        immediate = true,
        configurationPid = FormerBroker.FORMER,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class FormerBroker {

    static final String FORMER = "io.nvremote.broker.postgres";

    @Activate
    public FormerBroker() {
        throw new Settings(FORMER).renamed(FORMER, BrokerConfig.PID);
    }
}
