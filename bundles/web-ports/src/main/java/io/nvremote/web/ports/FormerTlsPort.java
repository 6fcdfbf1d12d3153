// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import io.nvremote.lib.settings.Settings;
import java.util.Map;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Refuses a TLS port that is configured by the name of before: nobody would open it, and nobody would say so. */
@Component(
        service = {},
        immediate = true,
        configurationPid = FormerTlsPort.FORMER,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class FormerTlsPort {

    static final String FORMER = "io.nvremote.signaling.port";

    @Activate
    public FormerTlsPort(Map<String, ?> properties) {
        String pid = String.valueOf(properties.get(Constants.SERVICE_PID));
        throw new Settings(pid).renamed(FORMER, TlsPortConfig.PID);
    }
}
