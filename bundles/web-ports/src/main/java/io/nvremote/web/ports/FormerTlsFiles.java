// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Refuses a TLS port's files of before. The port itself could not: without key material by its name it is never made. */
@Component(
        service = {},
        immediate = true,
        configurationPid = TlsPortConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class FormerTlsFiles {

    @Activate
    public FormerTlsFiles(Map<String, ?> properties) {
        TlsPortSettings.refuseFormer(properties);
    }
}
