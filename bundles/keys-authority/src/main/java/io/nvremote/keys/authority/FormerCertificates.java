// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys.authority;

import io.nvremote.lib.settings.Settings;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Refuses the certificate files by their name of before: it would be ignored, and ports would wait for files without a word. */
@Component(
        service = {},
        immediate = true,
        configurationPid = FormerCertificates.FORMER,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class FormerCertificates {

    static final String FORMER = "io.nvremote.control.certificates";

    @Activate
    public FormerCertificates() {
        throw new Settings(FORMER).renamed(FORMER, CertificateFilesConfig.PID);
    }
}
