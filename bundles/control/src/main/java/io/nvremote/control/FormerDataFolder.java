// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Refuses the folder of the key of before, which the role itself could not: without the control plane's keys it is never made. */
@Component(
        service = {},
        immediate = true,
        configurationPid = ControlConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class FormerDataFolder {

    @Activate
    public FormerDataFolder(Map<String, ?> properties) {
        ControlSettings.refuseFormer(properties);
    }
}
