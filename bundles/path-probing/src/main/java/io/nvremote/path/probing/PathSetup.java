// SPDX-License-Identifier: Apache-2.0
package io.nvremote.path.probing;

import io.nvremote.core.PathPolicy;
import io.nvremote.core.StreamException;
import io.nvremote.path.PathSpec;
import io.nvremote.relay.RelayRole;
import io.nvremote.relay.RelayUser;
import io.nvremote.relay.StunKey;
import io.nvremote.tunnel.TunnelError;
import io.nvremote.tunnel.TunnelRole;
import java.net.InetSocketAddress;

/**
 * What path selection is made of.
 *
 * @param relayUser user name of the ticketed binding
 * @param ticket its key
 * @param probe names and keys of the probes between the peers
 */
record PathSetup(InetSocketAddress relay, PathPolicy policy, String relayUser, StunKey ticket, ProbeKeys probe) {

    static PathSetup of(PathSpec spec, byte[] secret) {
        if (spec.relay().endpoint().isUnresolved()) {
            throw new StreamException(
                    TunnelError.SOCKET_UNAVAILABLE,
                    "the relay's name has no address: "
                            + spec.relay().endpoint().getHostString());
        }
        RelayRole role = spec.role() == TunnelRole.INITIATOR ? RelayRole.CLIENT : RelayRole.HOST;
        return new PathSetup(
                spec.relay().endpoint(),
                spec.policy(),
                new RelayUser(spec.session(), role).toString(),
                StunKey.ofTicket(spec.relay().ticket()),
                ProbeKeys.of(secret, spec.session(), spec.role()));
    }
}
