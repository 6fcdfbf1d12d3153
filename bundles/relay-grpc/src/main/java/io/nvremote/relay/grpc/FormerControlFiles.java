// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Refuses a control port's files of before. The port itself could not: without key material by its name it is never made. */
@Component(
        service = {},
        immediate = true,
        configurationPid = GatewayControlConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class FormerControlFiles {

    @Activate
    public FormerControlFiles(Map<String, ?> properties) {
        GatewayControlSettings.refuseFormer(properties);
    }
}
