// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.core.Clock;
import io.nvremote.core.GatewayId;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.directory.CertificateAuthority;
import io.nvremote.directory.Credentials;
import io.nvremote.directory.Issued;
import java.nio.file.Path;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/** The internal certificate authority with its key in a file. */
@Designate(ocd = AuthorityConfig.class)
@Component(
        service = CertificateAuthority.class,
        configurationPid = AuthorityConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class InternalAuthority implements CertificateAuthority {

    private final Signer signer;

    @Activate
    public InternalAuthority(AuthorityConfig config) {
        this(AuthoritySettings.of(config).folder(), Clock.system());
    }

    /** For an authority outside the framework. */
    public InternalAuthority(Path folder, Clock clock) {
        signer = new Signer(AuthorityFiles.open(folder, clock), clock);
    }

    @Override
    public String rootPem() {
        return signer.rootPem();
    }

    @Override
    public Issued host(OrgId org, HostId host, String csrPem) {
        return signer.host(org, host, csrPem);
    }

    @Override
    public Credentials server(Set<String> dnsNames, Set<String> ipAddresses) {
        return signer.server(dnsNames, ipAddresses);
    }

    @Override
    public Credentials gateway(GatewayId gateway, Set<String> dnsNames, Set<String> ipAddresses) {
        return signer.gateway(gateway, dnsNames, ipAddresses);
    }

    @Override
    public Credentials controlPlane() {
        return signer.controlPlane();
    }
}
