// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import io.nvremote.core.GatewayId;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The internal certificate authority, made at first start. A service. Names and addresses go into subject alternative names;
 * everything but the public key of a request is set here.
 *
 * <p>Every certificate is EC P-256 with SHA-256, version 3, with a random serial number of 128 bits and a start 5 min in the past
 * (clock skew). Identities are URIs: {@code spiffe://nvremote/org/<id>/host/<id>}, {@code spiffe://nvremote/gateway/<id>},
 * {@code spiffe://nvremote/control-plane}.
 *
 * <p><b>Threads.</b> Safe for any thread; signing takes about a millisecond and touches no disk.
 */
@ProviderType
public interface CertificateAuthority {

    /** The root certificate in PEM: what others trust. */
    String rootPem();

    /**
     * A host's client certificate (7 days, extended key usage clientAuth). Does not record it: {@link Enrolment} does.
     *
     * @throws io.nvremote.core.StreamException {@link DirectoryError#CSR_REFUSED} if the request is not a PKCS#10 PEM with an
     *     EC P-256/P-384, Ed25519 or RSA (2048 bits or more) key that signed it
     */
    Issued host(OrgId org, HostId host, String csrPem);

    /** A server certificate for the control plane's own ports with a new key (30 days). {@code localhost}, 127.0.0.1 and ::1 are added. */
    Credentials server(Set<String> dnsNames, Set<String> ipAddresses);

    /** A gateway's certificate with a new key (30 days, serverAuth and clientAuth). {@code localhost}, 127.0.0.1 and ::1 are added. */
    Credentials gateway(GatewayId gateway, Set<String> dnsNames, Set<String> ipAddresses);

    /** The certificate with which the control plane calls gateways, with a new key (30 days, clientAuth). */
    Credentials controlPlane();
}
