// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Refuses a link's files of before. The link itself could not: without key material by its name it is never made. */
@Component(
        service = {},
        immediate = true,
        configurationPid = GatewayLinkConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class FormerLinkFiles {

    @Activate
    public FormerLinkFiles(Map<String, ?> properties) {
        GatewayLinkSettings.refuseFormer(properties);
    }
}
